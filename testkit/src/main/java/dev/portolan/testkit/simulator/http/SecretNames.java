package dev.portolan.testkit.simulator.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** Tells by its name whether a value is a secret. Rather too many than too few: what is hidden in vain is no loss. */
public final class SecretNames {
    /** A parameter in an address, wherever this stands: its name and its value. */
    public static final Pattern PARAMETER = Pattern.compile("(?<=[?&#])([^\\s\"'<>=?&#]{1,100})=([^\\s\"'<>\\\\&#]*)");

    private static final String NAMED_SO = "secret|passw(?:or)?d|passphrase|credential|authorization|cookie|auth$";

    /** Of keys those that open nothing. */
    private static final String OTHER_KEYS = "(?<!cache|public|primary|foreign|partition|sort)";

    /** Of tokens those that are bits of what a model reads and writes. */
    private static final String OTHER_TOKENS =
            "(?<!text|image|audio|video|input|output|prompt|completion|bos|eos|pad|unk|stop)";

    private static final Pattern IN_BODIES =
            Pattern.compile(NAMED_SO + "|(?<=.)" + OTHER_KEYS + "key$|(?<=.)" + OTHER_TOKENS + "token$");

    private static final Pattern BESIDE_BODIES =
            Pattern.compile(NAMED_SO + "|token(?!s|izer)|signature|^sig$|^code$|" + OTHER_KEYS + "key$");

    private SecretNames() {}

    /** Of a header, or of a field in a query or a form. */
    public static boolean besideBody(String name) {
        return BESIDE_BODIES.matcher(letters(name)).find();
    }

    /**
     * Of a member in a body of JSON, where the plain words mean something else: the token of a text, the key in a map, the
     * signature of a thought, the code of an error.
     */
    public static boolean inBody(String name) {
        return IN_BODIES.matcher(letters(name)).find();
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    }
}
