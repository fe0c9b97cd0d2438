package dev.portolan.api;

import java.util.Objects;

/** What a header may look like, wherever it comes from, so that none can smuggle in another. */
public final class HttpHeader {
    private HttpHeader() {}

    /**
     * Checks a header. The message has its name, not its value, which may be a secret.
     *
     * @throws IllegalArgumentException if the name or the value could break out of its line (a control character), or is
     *     not ASCII
     */
    public static void check(String name, String value) {
        Objects.requireNonNull(name, "header name");
        Objects.requireNonNull(value, "header value");
        if (name.isEmpty() || name.indexOf(':') >= 0 || !isPrintable(name) || name.indexOf(' ') >= 0) {
            throw new IllegalArgumentException(
                    "Bad header name '" + printable(name) + "'; use ASCII letters, digits and '-'");
        }
        if (!isPrintable(value.replace('\t', ' '))) {
            throw new IllegalArgumentException(
                    "Bad value for header '" + name + "'; use printable ASCII without line breaks");
        }
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
