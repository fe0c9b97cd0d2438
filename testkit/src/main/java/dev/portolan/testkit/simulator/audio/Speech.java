package dev.portolan.testkit.simulator.audio;

import dev.portolan.testkit.simulator.text.Digest;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okio.Buffer;
import okio.ByteString;

/** What stands for speech here: a tone for each word, as high as the word will have it. */
final class Speech {
    static final int BYTES_PER_SECOND = 48_000; // of PCM: 24000 samples of 16 bits, one channel
    private static final int SAMPLES_PER_SECOND = 24_000;
    private static final double SECONDS_PER_WORD = 0.25;
    private static final double SOUNDING = 0.8; // of the time of a word; then comes the gap
    private static final double LOWEST_TONE = 180;
    private static final int TONES = 600;
    private static final double LOUDNESS = 0.3 * Short.MAX_VALUE;

    /** MPEG-1 layer III, 32 kbit/s, 32 kHz, one channel; a frame of zeros after it is silence. */
    private static final ByteString MP3_FRAME_HEADER = ByteString.decodeHex("fffb18c0");

    private static final int MP3_FRAME_BYTES = 144;
    private static final int MILLIS_PER_SECOND = 1000;
    private static final int MILLIS_PER_MP3_FRAME = 36;

    private final String text;
    private final List<String> words;
    private final double speed;

    Speech(String text, double speed) {
        this.text = text;
        this.words = List.of(text.strip().split("\\s+"));
        this.speed = Math.max(0.25, Math.min(4, speed));
    }

    String text() {
        return text;
    }

    private int samplesPerWord() {
        return (int) (SECONDS_PER_WORD * SAMPLES_PER_SECOND / speed);
    }

    BigDecimal seconds() {
        return BigDecimal.valueOf((long) words.size() * samplesPerWord())
                .divide(BigDecimal.valueOf(SAMPLES_PER_SECOND), 3, RoundingMode.HALF_UP);
    }

    /** 16-bit little-endian samples. */
    ByteString pcm() {
        ByteBuffer samples = ByteBuffer.allocate(words.size() * samplesPerWord() * Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        int sounding = (int) (samplesPerWord() * SOUNDING);
        for (String word : words) {
            double tone = LOWEST_TONE + Math.floorMod(word.hashCode(), TONES);
            for (int i = 0; i < samplesPerWord(); i++) {
                double swell = i < sounding ? StrictMath.sin(Math.PI * i / sounding) : 0;
                double wave = StrictMath.sin(2 * Math.PI * tone * i / SAMPLES_PER_SECOND);
                samples.putShort((short) (LOUDNESS * swell * wave));
            }
        }
        return ByteString.of(samples.array());
    }

    /** Frames of silence as long as the speech, since there is no encoder here; a tag tells texts apart. */
    ByteString mp3() {
        Buffer mp3 = new Buffer();
        byte[] title = ("\0" + "portolan " + Digest.hex(text)).getBytes(StandardCharsets.ISO_8859_1);
        mp3.writeUtf8("ID3").writeByte(3).writeByte(0).writeByte(0);
        int tagBytes = 10 + title.length;
        mp3.writeByte(0).writeByte(0).writeByte(tagBytes >> 7).writeByte(tagBytes & 0x7F); // seven bits a byte
        mp3.writeUtf8("TIT2").writeInt(title.length).writeShort(0).write(title);
        byte[] silence = new byte[MP3_FRAME_BYTES - MP3_FRAME_HEADER.size()];
        int frames = seconds()
                .multiply(BigDecimal.valueOf(MILLIS_PER_SECOND))
                .divide(BigDecimal.valueOf(MILLIS_PER_MP3_FRAME), 0, RoundingMode.CEILING)
                .intValueExact();
        for (int i = 0; i < frames; i++) {
            mp3.write(MP3_FRAME_HEADER).write(silence);
        }
        return mp3.readByteString();
    }
}
