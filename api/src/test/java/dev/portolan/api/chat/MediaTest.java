package dev.portolan.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTest {
    @TempDir
    private Path folder;

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static Media.Bytes file(Path file) {
        return (Media.Bytes) Media.file(file);
    }

    @ParameterizedTest(name = "{1} ({2})")
    @CsvSource({
        "89 50 4e 47 0d 0a 1a 0a 00 00, image/png, png",
        "ff d8 ff e0 00 10 4a 46 49 46, image/jpeg, JFIF",
        "ff d8 ff e1 00 10 45 78 69 66, image/jpeg, Exif",
        "47 49 46 38 37 61 01 00, image/gif, GIF87a",
        "47 49 46 38 39 61 01 00, image/gif, GIF89a",
        "52 49 46 46 24 00 00 00 57 45 42 50 56 50, image/webp, RIFF WEBP",
        "52 49 46 46 24 00 00 00 57 41 56 45 66 6d, audio/wav, RIFF WAVE",
        "25 50 44 46 2d 31 2e 37, application/pdf, pdf",
        "3c 73 76 67 20 78 6d 6c, image/svg+xml, svg",
        "49 44 33 04 00, audio/mpeg, mp3 with a tag",
        "ff fb 90 64, audio/mpeg, mp3 without a tag",
        "66 4c 61 43 00, audio/flac, flac",
        "4f 67 67 53 00, audio/ogg, ogg",
        "00 00 00 20 66 74 79 70 4d 34 41 20, audio/mp4, ftyp M4A",
        "00 00 00 20 66 74 79 70 69 73 6f 6d, video/mp4, ftyp isom",
        "00 00 00 20 66 74 79 70 6d 70 34 32, video/mp4, ftyp mp42",
        "1a 45 df a3 01, video/webm, matroska",
        "52 49 46 46 24 00 00 00 41 56 49 20, application/octet-stream, RIFF AVI",
        "52 49 46 46, application/octet-stream, only the start of RIFF",
        "89 50 4e 47, application/octet-stream, only the start of png",
        "68 65 6c 6c 6f, application/octet-stream, text"
    })
    void the_type_is_told_from_the_first_bytes(String hex, String mediaType, String what) {
        assertThat(Media.bytes(bytes(hex))).isEqualTo(new Media.Bytes(bytes(hex), mediaType));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "00 00 00 14 66 74 79 70 71 74 20 20, quicktime",
        "00 00 00 1c 66 74 79 70 61 76 69 66, avif",
        "00 00 00 18 66 74 79 70 68 65 69 63, heic"
    })
    void a_relative_of_mp4_is_not_called_mp4(String hex, String what) {
        assertThat(((Media.Bytes) Media.bytes(bytes(hex))).mediaType()).isNotEqualTo("video/mp4");
    }

    @Test
    void no_bytes_have_no_known_type() {
        assertThat(Media.bytes(new byte[0])).isEqualTo(new Media.Bytes(new byte[0], "application/octet-stream"));
    }

    @Test
    void a_given_type_is_taken_at_its_word() {
        assertThat(((Media.Bytes) Media.bytes(bytes("89 50 4e 47 0d 0a 1a 0a"), "image/x-mine")).mediaType())
                .isEqualTo("image/x-mine");
    }

    @ParameterizedTest
    @CsvSource({
        "a.png, image/png",
        "a.JPG, image/jpeg",
        "a.jpeg, image/jpeg",
        "a.gif, image/gif",
        "a.webp, image/webp",
        "a.svg, image/svg+xml",
        "a.pdf, application/pdf",
        "a.txt, text/plain",
        "a.md, text/markdown",
        "a.wav, audio/wav",
        "a.mp3, audio/mpeg",
        "a.flac, audio/flac",
        "a.m4a, audio/mp4",
        "a.ogg, audio/ogg",
        "a.aac, audio/aac",
        "a.aiff, audio/aiff",
        "a.mp4, video/mp4",
        "a.mpeg, video/mpeg",
        "a.mov, video/quicktime",
        "a.webm, video/webm",
        "a.tar.txt, text/plain",
        "a., application/octet-stream",
        "a.unknown, application/octet-stream",
        "noend, application/octet-stream"
    })
    void a_file_without_known_bytes_has_the_type_of_its_name(String name, String mediaType) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "hello");

        assertThat(file(file)).isEqualTo(new Media.Bytes("hello".getBytes(StandardCharsets.UTF_8), mediaType));
    }

    @Test
    void the_bytes_of_a_file_count_more_than_its_name() throws IOException {
        Path file = Files.write(folder.resolve("a.jpg"), bytes("89 50 4e 47 0d 0a 1a 0a"));

        assertThat(file(file).mediaType()).isEqualTo("image/png");
    }

    @Test
    void a_quicktime_file_keeps_the_type_of_its_name() throws IOException {
        Path file = Files.write(folder.resolve("a.mov"), bytes("00 00 00 14 66 74 79 70 71 74 20 20"));

        assertThat(file(file).mediaType()).isEqualTo("video/quicktime");
    }

    @Test
    void a_file_that_is_not_there_is_named_in_the_error() {
        Path file = folder.resolve("missing.png");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Media.file(file))
                .withMessage("Cannot read " + file + ": no such file")
                .withCauseInstanceOf(IOException.class);
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> ContentPart.image(file));
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> ContentPart.file(file));
    }

    @Test
    void a_folder_is_not_a_file() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Media.file(folder))
                .withMessage("Cannot read " + folder + ": it is a folder");
    }

    @Test
    void a_file_part_keeps_the_name_of_the_file() throws IOException {
        Path file = Files.writeString(folder.resolve("a.pdf"), "%PDF-1.7");

        assertThat(ContentPart.file(file))
                .isEqualTo(new ContentPart.File(
                        "a.pdf", new Media.Bytes(Files.readAllBytes(file), "application/pdf"), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void an_address_must_not_be_blank(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Media.url(url))
                .withMessage("A media URL must not be blank");
    }

    @Test
    void the_bytes_are_not_shown_but_counted() {
        assertThat(Media.bytes("secret".getBytes(StandardCharsets.UTF_8), "text/plain"))
                .hasToString("Bytes[text/plain, 6 bytes]");
    }

    @Test
    void an_address_is_shown_unless_it_is_long() {
        assertThat(Media.url("https://example.org/a.png")).hasToString("Url[https://example.org/a.png]");
        assertThat(Media.url("https://example.org/" + "a".repeat(1000)).toString())
                .startsWith("Url[https://example.org/aaa")
                .hasSizeLessThan(100)
                .contains("1020");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void the_content_of_a_data_url_is_not_shown(int more) {
        String url = "data:text/plain,secret" + "t".repeat(more);

        assertThat(Media.url(url).toString())
                .contains("data:", String.valueOf(url.length()))
                .doesNotContain("secret");
    }

    @Test
    void media_of_the_same_bytes_and_type_are_equal() {
        Media one = Media.bytes(bytes("00 01"), "image/png");

        assertThat(one)
                .isEqualTo(Media.bytes(bytes("00 01"), "image/png"))
                .hasSameHashCodeAs(Media.bytes(bytes("00 01"), "image/png"))
                .isNotEqualTo(Media.bytes(bytes("00 02"), "image/png"))
                .isNotEqualTo(Media.bytes(bytes("00 01"), "image/gif"));
        assertThat(((Media.Bytes) one).size()).isEqualTo(2);
    }

    @Test
    void bytes_need_data_and_type() {
        assertThatNullPointerException()
                .isThrownBy(() -> Media.bytes(null, "image/png"))
                .withMessage("data");
        assertThatNullPointerException()
                .isThrownBy(() -> Media.bytes(new byte[0], null))
                .withMessage("mediaType");
    }
}
