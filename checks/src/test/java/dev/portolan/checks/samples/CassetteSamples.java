package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.testkit.cassette.Cassette;
import dev.portolan.testkit.cassette.ReplayTiming;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.TestInfo;

/** The samples of {@code docs/record-and-replay.md}, each between two marks. */
public final class CassetteSamples {
    private CassetteSamples() {}

    public static void recorded(Path file, ChatRequest question) {
        // sample: cassette
        try (Cassette cassette = Cassette.open(file, "https://openrouter.ai/api/v1")) {
            Settings settings = Settings.fromEnvironment().with("OPENROUTER_API_BASE", cassette.baseUrl());
            try (Portolan portolan = Portolan.load(settings)) {
                System.out.println(portolan.chat().complete(question).text());
            }
        }
        // end
    }

    public static Cassette.Builder settings(Path file) {
        // sample: cassetteSettings
        Cassette.Builder builder = Cassette.builder(file, "https://openrouter.ai/api/v1")
                .ignoreMembers("trace_id", "messages.*.cache_control") // may differ from the recording
                .scrubMembers("iban") // their values stay out of the file
                .scrub(Pattern.compile("\\d{3}-\\d{2}-\\d{4}")) // and so does what has this shape
                .timing(ReplayTiming.scaled(0.1)) // with the pauses of the recording, ten times as fast
                .strict(); // what was recorded must be asked for
        // end
        return builder;
    }

    public static Cassette perTest(Path folder, TestInfo test) {
        // sample: cassettePerTest
        String type = test.getTestClass().orElseThrow().getSimpleName();
        String method = test.getTestMethod().orElseThrow().getName();
        return Cassette.open(folder.resolve(type).resolve(method + ".json"), "https://openrouter.ai/api/v1");
        // end
    }
}
