package dev.portolan.provider.openrouter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Runs a property with many random values; the message of a failure names the seed that shows it again. */
final class Seeds {
    private Seeds() {}

    static void each(int count, Consumer<Random> property) {
        for (long seed = 0; seed < count; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("With seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** Some text, of all planes of Unicode, with what JSON must escape in it. */
    static String text(Random random, int maxLength) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(maxLength + 1);
        while (text.length() < length) {
            switch (random.nextInt(5)) {
                case 0 -> text.append("{}[]\",:\\/ \n\t\r\b\f".charAt(random.nextInt(15)));
                case 1 -> text.append((char) random.nextInt(0x20));
                case 2 -> text.appendCodePoint(0x1f600 + random.nextInt(64));
                case 3 -> text.append((char) (0xa0 + random.nextInt(0x2000)));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    /** The text in one or more pieces, cut anywhere, even between surrogates; some pieces may be empty. */
    static List<String> pieces(Random random, String text) {
        List<String> pieces = new ArrayList<>();
        int longest = 1 + random.nextInt(Math.max(1, text.length()));
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + random.nextInt(longest + 1));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /** The bytes in pieces, none of them empty. */
    static List<byte[]> pieces(Random random, byte[] bytes) {
        List<byte[]> pieces = new ArrayList<>();
        int longest = 1 + random.nextInt(random.nextBoolean() ? 8 : Math.max(1, bytes.length));
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(longest));
            pieces.add(java.util.Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        return pieces;
    }
}
