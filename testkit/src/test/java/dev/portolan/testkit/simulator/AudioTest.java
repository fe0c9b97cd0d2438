package dev.portolan.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioTest {
    private static final int BYTES_PER_SECOND = 48_000;
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    private HttpResponse<byte[]> speak(String input, String... moreFields) throws Exception {
        String more = moreFields.length == 0 ? "" : "," + String.join(",", moreFields);
        return wire.bytes(wire.request("/audio/speech")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"" + input + "\"" + more + "}"))
                .build());
    }

    private static String transcription(byte[] audio, String format, String... moreFields) {
        String more = moreFields.length == 0 ? "" : "," + String.join(",", moreFields);
        return "{\"model\":\"openai/gpt-4o-mini-transcribe\",\"input_audio\":{\"data\":\""
                + Base64.getEncoder().encodeToString(audio) + "\",\"format\":\"" + format + "\"}" + more + "}";
    }

    @Test
    void speech_is_a_tone_for_each_word_as_raw_samples() throws Exception {
        HttpResponse<byte[]> reply = speak("Hello wide world", "\"voice\":\"alloy\"");

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("Content-Type")).contains("audio/pcm");
        byte[] pcm = reply.body();
        assertThat(pcm).hasSize(3 * BYTES_PER_SECOND / 4);
        ByteBuffer samples = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN);
        int loudest = 0;
        while (samples.hasRemaining()) {
            loudest = Math.max(loudest, Math.abs(samples.getShort()));
        }
        assertThat(loudest).isBetween(5000, 15_000);
        assertThat(speak("Hello wide world").body()).isEqualTo(pcm);
        assertThat(speak("Hello other world").body()).isNotEqualTo(pcm);
        assertThat(speak("Hello wide world", "\"speed\":2").body()).hasSize(pcm.length / 2);

        String id = reply.headers().firstValue("X-Generation-Id").orElseThrow();
        BillEntry entry = simulator.bill().entry(id).orElseThrow();
        assertThat(entry.promptTokens()).isEqualTo(3);
        assertThat(entry.completionTokens()).isEqualTo(15);
        assertThat(entry.cost()).isEqualByComparingTo("0.0001818");
    }

    @Test
    void mp3_is_a_tag_and_frames() throws Exception {
        HttpResponse<byte[]> reply = speak("Hello world", "\"response_format\":\"mp3\"");

        assertThat(reply.headers().firstValue("Content-Type")).contains("audio/mpeg");
        byte[] mp3 = reply.body();
        assertThat(new String(mp3, 0, 3, StandardCharsets.US_ASCII)).isEqualTo("ID3");
        int at = 10 + (mp3[8] << 7 | mp3[9]);
        int frames = 0;
        while (at < mp3.length) {
            assertThat(mp3[at]).isEqualTo((byte) 0xFF);
            assertThat(mp3[at + 1]).isEqualTo((byte) 0xFB);
            at += 144;
            frames++;
        }
        assertThat(at).isEqualTo(mp3.length);
        assertThat(frames).isEqualTo(14); // half a second
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"model\":\"openai/gpt-4o-mini-tts\"}",
                "{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"\"}",
                "{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"a\",\"response_format\":\"wav\"}",
                "{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"a\",\"voice\":\"\"}",
                "{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"a\",\"speed\":\"fast\"}",
                "{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"a\",\"input_references\":[{\"type\":\"text\","
                        + "\"text\":\"alone\"}]}",
                "{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"a\",\"provider\":{\"options\":{\"openai\":5}}}",
                "{\"model\":\"openai/gpt-4o-mini\",\"input\":\"a\"}"
            })
    void invalid_speech_requests_are_refused_with_json(String body) throws Exception {
        Wire.Reply reply = wire.post("/audio/speech", body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.error().string("message")).isNotBlank();
        assertThat(simulator.bill().entries()).isEmpty();
    }

    @Test
    void voices_are_not_cloned() throws Exception {
        assertThat(speak(
                                "a",
                                "\"input_references\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\"}},"
                                        + "{\"type\":\"text\",\"text\":\"b\"}]")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void what_the_simulator_spoke_it_writes_down_again() throws Exception {
        byte[] pcm = speak("Grüezi wohl").body();
        byte[] mp3 = speak("Grüezi wohl", "\"response_format\":\"mp3\"").body();

        assertThat(wire.post("/audio/transcriptions", transcription(pcm, "pcm"))
                        .json()
                        .string("text"))
                .isEqualTo("Grüezi wohl");
        assertThat(wire.post("/audio/transcriptions", transcription(mp3, "mp3"))
                        .json()
                        .string("text"))
                .isEqualTo("Grüezi wohl");
        Wire.Reply wav = wire.post("/audio/transcriptions", transcription(wav(pcm), "wav"));
        assertThat(wav.json().string("text")).isEqualTo("Grüezi wohl");
        assertThat(wav.usage().number("seconds")).isEqualByComparingTo("0.5");
    }

    private static byte[] wav(byte[] pcm) throws Exception {
        AudioFormat format = new AudioFormat(24_000, 16, 1, true, false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(pcm), format, pcm.length / 2),
                AudioFileFormat.Type.WAVE,
                out);
        return out.toByteArray();
    }

    @Test
    void of_other_recordings_it_tells_the_length_and_charges_exactly() throws Exception {
        Wire.Reply reply = wire.post("/audio/transcriptions", transcription(wav(new byte[57_600]), "wav"));

        assertThat(reply.json().string("text")).isEqualTo("1.2 seconds of audio.");
        JsonObject usage = reply.usage();
        assertThat(usage.number("seconds")).isEqualByComparingTo("1.2");
        assertThat(usage.number("input_tokens")).isEqualByComparingTo("12");
        assertThat(usage.number("total_tokens"))
                .isEqualByComparingTo(usage.number("input_tokens").add(usage.number("output_tokens")));
        assertThat(usage.number("cost"))
                .isEqualByComparingTo(new BigDecimal("0.000015")
                        .add(new BigDecimal("0.000005").multiply(usage.number("output_tokens"))));
        assertThat(simulator.bill().total()).isEqualByComparingTo(usage.number("cost"));
    }

    @Test
    void verbose_answers_have_times() throws Exception {
        byte[] pcm = speak("one two").body();
        JsonObject json = wire.post(
                        "/audio/transcriptions",
                        transcription(
                                pcm,
                                "pcm",
                                "\"response_format\":\"verbose_json\"",
                                "\"language\":\"de\"",
                                "\"timestamp_granularities\":[\"word\",\"segment\"]"))
                .json();

        assertThat(json.string("task")).isEqualTo("transcribe");
        assertThat(json.string("language")).isEqualTo("de");
        assertThat(json.number("duration")).isEqualByComparingTo("0.5");
        assertThat(json.array("segments").objects())
                .singleElement()
                .returns("one two", segment -> segment.string("text"));
        assertThat(json.array("words").objects())
                .extracting(word -> word.string("word"))
                .containsExactly("one", "two");
        assertThat(json.array("words").objects().get(1).number("start")).isEqualByComparingTo("0.25");
    }

    private Wire.Reply upload(byte[] audio, String fileHeaders, String... fields) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            write(body, "--b0undary\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n");
            write(body, fields[i + 1] + "\r\n");
        }
        write(body, "--b0undary\r\n" + fileHeaders + "\r\n\r\n");
        body.writeBytes(audio);
        write(body, "\r\n--b0undary--\r\n");
        return wire.send(wire.request("/audio/transcriptions")
                .setHeader("Content-Type", "multipart/form-data; boundary=b0undary")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build());
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_file_can_be_uploaded_as_a_form() throws Exception {
        byte[] pcm = speak("Hello world").body();
        String file = "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav";
        String model = "openai/gpt-4o-mini-transcribe";

        Wire.Reply reply = upload(
                wav(pcm),
                file,
                "model",
                model,
                "temperature",
                "0.5",
                "response_format",
                "verbose_json",
                "timestamp_granularities[]",
                "word");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().string("text")).isEqualTo("Hello world");
        assertThat(reply.json().array("words").size()).isEqualTo(2);

        assertThat(upload(pcm, file, "model", model, "response_format", "srt").status())
                .isEqualTo(400);
        assertThat(upload(pcm, file).error().string("message")).isEqualTo("model: Required");
        assertThat(upload(pcm, file.replace("\"file\"", "\"sound\""), "model", model)
                        .error()
                        .string("message"))
                .isEqualTo("file: Required");
        assertThat(upload(pcm, "Content-Disposition: form-data; name=\"file\"; filename=\"a\"", "model", model)
                        .status())
                .isEqualTo(400);
        assertThat(upload(new byte[25 * 1024 * 1024 + 1], file, "model", model).status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"openai/gpt-4o-mini-transcribe\"}",
                "{\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"}}",
                "{\"model\":\"openai/gpt-4o-mini-transcribe\",\"input_audio\":{\"data\":\"AAAA\"}}",
                "{\"model\":\"openai/gpt-4o-mini-transcribe\",\"input_audio\":{\"data\":\"?\",\"format\":\"wav\"}}",
                "{\"model\":\"openai/gpt-4o-mini-transcribe\",\"input_audio\":"
                        + "{\"data\":\"data:audio/wav;base64,AAAA\",\"format\":\"wav\"}}",
                "{\"model\":\"openai/gpt-4o-mini-transcribe\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"},"
                        + "\"temperature\":1.5}",
                "{\"model\":\"openai/gpt-4o-mini-transcribe\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"},"
                        + "\"response_format\":\"vtt\"}",
                "{\"model\":\"openai/gpt-4o-mini-tts\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"}}"
            })
    void invalid_transcription_requests_are_refused(String body) throws Exception {
        assertThat(wire.post("/audio/transcriptions", body).status()).isEqualTo(400);
        assertThat(simulator.bill().entries()).isEmpty();
    }
}
