package dev.portolan.testkit.simulator.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** SHA-256 of texts: the source of everything that must look random and stay the same. */
public final class Digest {
    private Digest() {}

    public static byte[] of(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every Java platform has it
        }
    }

    public static String hex(String text) {
        return HexFormat.of().formatHex(of(text));
    }

    public static String base64(String text) {
        return Base64.getEncoder().encodeToString(of(text));
    }
}
