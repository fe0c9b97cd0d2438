package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.provider.openrouter.chat.InProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A chunk that is like the one before but for its text is compared rather than parsed, and nobody can tell. */
class RepeatedChunksTest {
    private static final String[] TEXTS = {
        " word",
        " word",
        " the",
        "",
        "é🌍",
        "a \\\"quote\\\"",
        "\\n",
        "\\u0041",
        "\\\"content\\\":\\\"x",
        "\\\\",
        "}]}",
        " ",
        "null"
    };
    private static final String[] DELTAS = {
        "",
        "",
        "",
        "",
        ",\"reasoning\":null,\"reasoning_details\":[]",
        ",\"function_call\":null",
        ",\"reasoning\":\"hm\"",
        ",\"refusal\":\"no\"",
        ",\"brand_new\":1",
        ",\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"
    };
    private static final String[] CHOICES = {
        "",
        "",
        "",
        "",
        ",\"logprobs\":null",
        ",\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.5,\"bytes\":null,\"top_logprobs\":[]}]}",
        ",\"own\":{\"content\":\"x\"}",
        ",\"native_finish_reason\":\"eos\""
    };
    private static final String[] MEMBERS = {
        "",
        "",
        "",
        "",
        ",\"debug\":{\"n\":1}",
        ",\"usage\":{\"prompt_tokens\":1,\"cost\":0.5}",
        ",\"service_tier\":\"flex\"",
        ",\"model\":\"\"",
        ",\"model\":\"other\"",
        ",\"created\":1800000000"
    };
    private static final String[] IDS = {"gen-1", "gen-1", "gen-1", "gen-1", "gen-1", "gen-2", ""};
    private static final String[] CONTENTS = {"\"content\":", "\"content\":", "\"content\": ", "\"content\" : "};

    @Test
    void a_stream_says_the_same_whether_its_chunks_are_alike_or_each_is_different() {
        Seeds.each(500, random -> {
            List<String> chunks = chunks(random);

            assertThat(read(chunks, false)).isEqualTo(read(chunks, true));
        });
    }

    /** Runs of like chunks, since only these are compared. */
    private static List<String> chunks(Random random) {
        List<String> chunks = new ArrayList<>();
        while (chunks.size() < 40) {
            String delta = one(random, DELTAS);
            String choice = one(random, CHOICES);
            String member = one(random, MEMBERS);
            String content = one(random, CONTENTS);
            String id = one(random, IDS);
            int index = random.nextInt(4) / 3;
            for (int i = random.nextInt(6); i >= 0; i--) {
                chunks.add("\"id\":\"" + id + "\",\"model\":\"one\",\"choices\":[{\"index\":" + index
                        + ",\"delta\":{\"role\":\"assistant\"," + content + "\"" + one(random, TEXTS) + "\"" + delta
                        + "}"
                        + choice + "}]" + member + "}");
            }
        }
        chunks.add("\"id\":\"gen-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"},"
                + "{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}");
        return chunks;
    }

    private static String one(Random random, String[] of) {
        return of[random.nextInt(of.length)];
    }

    private static List<ChatEvent> read(List<String> chunks, boolean different) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chunks.size(); i++) {
            // Now and then an event has two objects, which are read as well.
            boolean last = i == chunks.size() - 1;
            text.append(i % 7 == 4 ? "" : "data: ")
                    .append(different ? "{\"obfuscation\":\"" + i + "\"," : "{")
                    .append(chunks.get(i))
                    .append(i % 7 == 3 && !last ? "" : "\n\n");
        }
        List<ChatEvent> events = new ArrayList<>();
        try (ChatStream stream = InProcess.stream((text + "data: [DONE]\n\n").getBytes(StandardCharsets.UTF_8))) {
            stream.forEach(events::add);
        }
        return events;
    }
}
