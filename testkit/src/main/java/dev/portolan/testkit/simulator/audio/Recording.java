package dev.portolan.testkit.simulator.audio;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteOrder;
import java.util.Locale;
import okio.ByteString;

/**
 * Sound to be written down.
 *
 * @param format such as {@code wav} or {@code mp3}
 */
record Recording(ByteString bytes, String format) {
    private static final ByteString RIFF = ByteString.encodeUtf8("RIFF");
    private static final ByteString DATA = ByteString.encodeUtf8("data");
    private static final int SHORTEST_WAV = 44;
    private static final int AT_BYTE_RATE = 28;
    private static final int PACKED_BYTES_PER_SECOND = 16_000; // 128 kbit/s, a guess

    private boolean isWav() {
        return bytes.startsWith(RIFF) && bytes.size() >= SHORTEST_WAV;
    }

    /** The samples of a WAV file, else the recording as it is. */
    ByteString samples() {
        int data = isWav() ? bytes.indexOf(DATA) : -1;
        int start = data + DATA.size() + Integer.BYTES;
        return data < 0 || start > bytes.size() ? bytes : bytes.substring(start);
    }

    BigDecimal seconds() {
        long perSecond = PACKED_BYTES_PER_SECOND;
        if (isWav()) {
            perSecond = Math.max(1, little(AT_BYTE_RATE));
        } else if (format.toLowerCase(Locale.ROOT).startsWith("pcm")) {
            perSecond = Speech.BYTES_PER_SECOND;
        }
        return BigDecimal.valueOf(samples().size()).divide(BigDecimal.valueOf(perSecond), 3, RoundingMode.HALF_UP);
    }

    private long little(int at) {
        return bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt(at) & 0xFFFFFFFFL;
    }
}
