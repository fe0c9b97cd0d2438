package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.Media;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.provider.openrouter.ImageRoute;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ImageCommandTest {
    private static final Media PNG = Media.bytes("\u0089PNG\r\n\u001a\n…".getBytes(StandardCharsets.ISO_8859_1));
    private static final Media JPEG = Media.bytes("\u00ff\u00d8\u00ff…".getBytes(StandardCharsets.ISO_8859_1));
    private static final String CLOSING = "acme/painter · 1 image · 12 in, 1290 out · $0.0387\n";

    private final FakeImages models = new FakeImages().drawing(PNG);

    @TempDir
    private Path folder;

    private Run run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(0, "image");
        return Run.with(models).typing("").run(all.toArray(String[]::new));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static byte[] bytes(Media image) {
        return ((Media.Bytes) image).data();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // What is asked

    @Test
    void every_option_reaches_the_request() throws IOException {
        Files.write(folder.resolve("photo.png"), bytes(PNG));

        run(
                "-m=toy/painter",
                "-n=2",
                "--size=1536x1024",
                "--aspect-ratio=16:9",
                "--resolution=2K",
                "--quality=high",
                "--background=transparent",
                "--format=png",
                "--compression=50",
                "--seed=-7",
                "--image=" + path("photo.png"),
                "--image=https://example.org/dog.jpg",
                "--route=images",
                "--extra=top=1",
                "--timeout=30s",
                "-o=" + path("out.png"),
                "a",
                "boat");

        assertThat(models.asked)
                .containsExactly(ImageRequest.builder("toy/painter")
                        .prompt("a boat")
                        .n(2)
                        .size("1536x1024")
                        .aspectRatio("16:9")
                        .resolution("2K")
                        .quality("high")
                        .background("transparent")
                        .outputFormat("png")
                        .outputCompression(50)
                        .seed(-7L)
                        .input(PNG)
                        .input(Media.url("https://example.org/dog.jpg"))
                        .options(OpenRouterOptions.builder()
                                .imageRoute(ImageRoute.IMAGES)
                                .build())
                        .extra("top", 1)
                        .call(new ConnectionOptions().callOptions().withTimeout(Duration.ofSeconds(30)))
                        .build());
    }

    @Test
    void the_prompt_may_come_on_standard_input() {
        Run.with(models).typing("a boat\n").run("image", "-o", path("boat.png"));

        assertThat(models.asked.get(0).prompt()).isEqualTo("a boat");
        assertThat(models.asked.get(0).model()).hasToString("openrouter/google/gemini-2.5-flash-image");
    }

    @Test
    void faults_of_the_command_line_are_told_in_one_line_before_any_request() {
        write(folder.resolve("there.png"), "mine");
        write(folder.resolve("there-2.png"), "mine");
        write(folder.resolve("notes.txt"), "hello");
        Map<List<String>, String> faults = Map.ofEntries(
                Map.entry(List.of("--size=banana", "x"), "size must be <width>x<height> in pixels"),
                Map.entry(List.of("-n=0", "x"), "n must be between 1 and 10, found 0"),
                Map.entry(List.of("-n=11", "x"), "n must be between 1 and 10, found 11"),
                Map.entry(List.of("  "), "The prompt is empty"),
                Map.entry(List.of("--aspect-ratio=wide", "x"), "aspect_ratio must be"),
                Map.entry(List.of("--quality=best", "x"), "--quality: 'best' is not one of auto, low"),
                Map.entry(List.of("--format=bmp", "x"), "--format: 'bmp' is not one of png, jpeg, webp, svg"),
                Map.entry(List.of("--background=red", "x"), "'red' is not one of auto, transparent"),
                Map.entry(List.of("--resolution=8K", "x"), "'8K' is not one of 512, 1K"),
                Map.entry(List.of("--compression=101", "x"), "between 0 and 100, found 101"),
                Map.entry(List.of("--route=both", "x"), "'both' is not one of auto, chat, images"),
                Map.entry(List.of("--image=" + path("none.png"), "x"), "none.png: no such file"),
                Map.entry(List.of("--image=" + path("notes.txt"), "x"), "not a png, jpeg, webp or gif image"),
                Map.entry(List.of("-o=" + path("there.png"), "x"), "there.png exists; --force overwrites it"),
                Map.entry(List.of("-n=3", "-o=" + path("there.png"), "x"), "there-2.png exists"),
                Map.entry(List.of("-o=" + path("none/x.png"), "x"), "there is no folder"),
                Map.entry(List.of("-o=" + folder, "x"), "is a folder; give a file in it"),
                Map.entry(List.of("-o=-", "x"), "not a file name"),
                Map.entry(List.of("-m=gpt", "x"), "--model: Bad model id"),
                Map.entry(List.of("--offline", "--base-url=http://127.0.0.1", "x"), "exclude each other"));

        faults.forEach((arguments, expected) -> {
            Run run = run(arguments.toArray(String[]::new));

            assertThat(run.err())
                    .as("%s", arguments)
                    .startsWith("portolan: ")
                    .contains(expected)
                    .hasLineCount(1);
            assertThat(run.exitCode).as("%s", arguments).isEqualTo(2);
            assertThat(run.out()).isEmpty();
        });
        assertThat(models.asked).isEmpty();
        assertThat(folder.resolve("there.png")).hasContent("mine");
    }

    // Files

    @Test
    void the_image_goes_to_the_file_its_name_to_standard_output_and_its_price_to_standard_error() {
        Run run = run("-o", path("boat.png"), "a boat");

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).isEqualTo(path("boat.png") + "\n");
        assertThat(run.err()).isEqualTo("warning: seed: This model has none.\n" + CLOSING);
        assertThat(folder.resolve("boat.png")).hasBinaryContent(bytes(PNG));
    }

    @Test
    void several_images_are_numbered() {
        models.drawing(PNG, PNG);

        assertThat(run("-n=2", "-o", path("boat.png"), "a boat").out())
                .isEqualTo(path("boat-1.png") + "\n" + path("boat-2.png") + "\n");
    }

    @Test
    void an_image_more_than_was_asked_for_gets_a_number_that_is_free() {
        write(folder.resolve("boat-2.png"), "mine");
        models.drawing(PNG, JPEG);

        Run run = run("-o", path("boat.png"), "a boat");

        assertThat(run.out()).isEqualTo(path("boat.png") + "\n" + path("boat-3.png") + "\n");
        assertThat(folder.resolve("boat-2.png")).hasContent("mine");
        assertThat(run.err()).contains("warning: output: " + path("boat-3.png") + " is image/jpeg");
    }

    @Test
    void fewer_images_than_were_asked_for_are_told() {
        assertThat(run("-n=2", "-o", path("boat.png"), "a boat").err()).contains("warning: n: 1 of 2 images came\n");
    }

    @Test
    void a_file_that_somebody_makes_meanwhile_costs_neither_it_nor_the_image() {
        models.meanwhile(() -> write(folder.resolve("boat.png"), "mine"));

        assertThat(run("-o", path("boat.png"), "a boat").out()).isEqualTo(path("boat-1.png") + "\n");
        assertThat(folder.resolve("boat.png")).hasContent("mine");
    }

    @Test
    void force_overwrites_a_file_of_any_length() {
        write(folder.resolve("boat.png"), "mine".repeat(1000));

        assertThat(run("--force", "-o", path("boat.png"), "a boat").exitCode).isZero();
        assertThat(folder.resolve("boat.png")).hasBinaryContent(bytes(PNG));
    }

    @ParameterizedTest
    @CsvSource({
        "'A sunset, over a calm ocean & more', a-sunset-over-a-calm",
        "Grüezi Zürich, grüezi-zürich",
        "'../../etc/passwd', etc-passwd",
        "'!?', image",
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze, donaudampfschifffahrtsgesellschaftskapit"
    })
    void without_a_name_the_first_words_of_the_prompt_are_one(String prompt, String stem) throws IOException {
        Path file = Path.of(stem + ".jpg");
        models.drawing(JPEG);
        try {
            assertThat(run(prompt).out()).isEqualTo(stem + ".jpg\n");
            assertThat(file).exists();
            models.asked.clear();
            assertThat(run("--format=jpeg", prompt).err()).contains(stem + ".jpg exists");
            assertThat(models.asked).isEmpty();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void a_url_is_printed_and_not_fetched() {
        models.drawing(Media.url("https://example.org/boat.png"));

        assertThat(run("-o", path("boat.png"), "a boat").out()).isEqualTo("https://example.org/boat.png\n");
        assertThat(folder).isEmptyDirectory();
    }

    // What is printed

    @Test
    void what_the_model_says_goes_to_standard_error_while_it_draws() {
        models.saying("Here is a boat.").revising("a red boat");

        assertThat(run("-o", path("boat.png"), "a boat").err())
                .isEqualTo("Here is a boat.\ndrawn as: a red boat\nwarning: seed: This model has none.\n" + CLOSING);
    }

    @Test
    void the_source_of_a_vector_image_is_not_for_people() {
        models.saying("<svg></svg>");

        assertThat(run("-o", path("boat.png"), "a boat").err()).doesNotContain("svg");
    }

    @Test
    void json_is_one_object() {
        models.saying("Here.").revising("a red boat");

        Run run = run("--json", "-o", path("boat.jpg"), "a boat");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .hasLineCount(1)
                .contains("\"cost\":{\"amount\":0.0387,\"currency\":\"USD\",\"source\":\"reported\"}");
        Map<String, Object> file = new java.util.LinkedHashMap<>();
        file.put("mediaType", "image/png");
        file.put("file", path("boat.jpg"));
        file.put("url", null);
        file.put("revisedPrompt", "a red boat");
        assertThat(run.json())
                .containsEntry("id", "gen-1")
                .containsEntry("created", "2025-05-27T19:00:00Z")
                .containsEntry("text", "Here.")
                .containsEntry("images", List.of(file))
                .containsEntry(
                        "warnings",
                        List.of(
                                Map.of("subject", "seed", "message", "This model has none."),
                                Map.of(
                                        "subject",
                                        "output",
                                        "message",
                                        path("boat.jpg") + " is image/png, whatever its name says")));
    }

    @Test
    void a_failure_has_the_exit_code_and_the_object_of_all_commands() {
        models.saying("I will").failing(new ContentPolicyException("Refused.", ErrorDetails.NONE));

        Run plain = run("-o", path("boat.png"), "a boat");
        assertThat(plain.exitCode).isEqualTo(5);
        assertThat(plain.err()).isEqualTo("I will\nportolan: Refused.\n");
        Run json = run("--json", "-o", path("boat.png"), "a boat");
        assertThat(json.errorJson()).containsEntry("type", "content_policy");
        assertThat(folder).isEmptyDirectory();
    }

    // Through the simulator

    @ParameterizedTest
    @CsvSource({"1536x1024, 1248, 832", "1024x1792, 768, 1344"})
    void the_simulator_draws_a_real_picture_of_the_right_proportions(String size, int width, int height)
            throws IOException {
        Run run = Run.withProviders().run("image", "--offline", "--size", size, "-o", path("boat.png"), "a boat");

        assertThat(run.exitCode).as(run.err()).isZero();
        var picture = ImageIO.read(folder.resolve("boat.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(width);
        assertThat(picture.getHeight()).isEqualTo(height);
        assertThat(run.err().lines().reduce("", (first, last) -> last))
                .matches("google/gemini-2\\.5-flash-image · 1 image · \\d+ in, \\d+ out · \\$0\\.\\d+");
    }

    @Test
    void a_model_that_only_draws_is_found_by_the_other_route() {
        Run run = Run.withProviders()
                .run(
                        "image",
                        "--offline",
                        "-m=openrouter/black-forest-labs/flux.2-pro",
                        "-o",
                        path("boat.png"),
                        "a boat");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(folder.resolve("boat.png")).exists();
    }

    @Test
    void without_a_key_the_simulator_draws_and_says_so() {
        Run run = Run.withProviders().run("image", "-o", path("boat.png"), "a boat");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.err()).contains("simulator", "export OPENROUTER_API_KEY=");
    }
}
