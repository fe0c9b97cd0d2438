package dev.portolan.testkit.cassette;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Text that comes back as the same bytes. */
final class Utf8 {
    private Utf8() {}

    /** The text, or null if the bytes are not exactly UTF-8. */
    static @Nullable String textOrNull(ByteString bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }
}
