package dev.portolan.testkit.simulator.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG row by row, since AWT is a lot to ask of a test's platform. */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte UP = 2; // each byte as the difference to the one above: smooth pictures pack well so

    private Png() {}

    /** Gives the colour of a pixel as {@code 0xAARRGGBB}. */
    interface Pixels {
        int argb(int x, int y);
    }

    static byte[] of(PixelSize size, boolean alpha, Pixels pixels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(size.width()).putInt(size.height());
        header.put((byte) 8).put((byte) (alpha ? 6 : 2)); // bits a channel, RGB or RGBA; the rest is 0
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", packed(size, alpha, pixels));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte[] packed(PixelSize size, boolean alpha, Pixels pixels) {
        int channels = alpha ? 4 : 3;
        byte[] above = new byte[size.width() * channels];
        byte[] row = new byte[size.width() * channels];
        byte[] filtered = new byte[1 + row.length];
        filtered[0] = UP;
        byte[] buffer = new byte[1 << 16];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        for (int y = 0; y < size.height(); y++) {
            int at = 0;
            for (int x = 0; x < size.width(); x++) {
                int argb = pixels.argb(x, y);
                row[at++] = (byte) (argb >> 16);
                row[at++] = (byte) (argb >> 8);
                row[at++] = (byte) argb;
                if (alpha) {
                    row[at++] = (byte) (argb >>> 24);
                }
            }
            for (int i = 0; i < row.length; i++) {
                filtered[1 + i] = (byte) (row[i] - above[i]);
            }
            deflater.setInput(filtered);
            while (!deflater.needsInput()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            byte[] done = above;
            above = row;
            row = done;
        }
        deflater.finish();
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
