package dev.portolan.testkit.simulator;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Paints a small PNG: a gradient whose colours come from the prompt, in the aspect ratio asked for. */
final class Picture {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int LONG_SIDE = 32;

    private Picture() {}

    static String dataUrl(ChatCall call) {
        JsonObject config = Objects.requireNonNullElseGet(call.body().object("image_config"), JsonObject::new);
        String[] ratio = config.string("aspect_ratio", "1:1").split(":", 2);
        double across = side(ratio[0]);
        double down = ratio.length > 1 ? side(ratio[1]) : across;
        double longer = Math.max(across, down);
        int width = (int) Math.max(1, Math.round(LONG_SIDE * across / longer));
        int height = (int) Math.max(1, Math.round(LONG_SIDE * down / longer));
        byte[] png = png(width, height, Digest.of(call.userText()));
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    private static double side(String text) {
        try {
            double side = Double.parseDouble(text);
            return side > 0 ? side : 1;
        } catch (NumberFormatException notANumber) {
            return 1; // providers clamp what they do not know
        }
    }

    private static byte[] png(int width, int height, byte[] colours) {
        ByteBuffer pixels = ByteBuffer.allocate(height * (1 + width * 3));
        for (int y = 0; y < height; y++) {
            pixels.put((byte) 0); // no filter
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    int from = colours[channel] & 0xFF;
                    int to = colours[3 + channel] & 0xFF;
                    pixels.put((byte) (from + (to - from) * (x + y) / (width + height)));
                }
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) 8).put((byte) 2); // 8 bits a channel, RGB; then default compression, filter, interlacing
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", deflate(pixels.array()));
        chunk(out, "IEND", new byte[0]);
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

    private static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater();
        deflater.setInput(data);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }
}
