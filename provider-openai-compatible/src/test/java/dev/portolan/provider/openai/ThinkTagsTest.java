package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.spi.ChatAssembler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkTagsTest {
    private static ChatResponse read(boolean open, List<String> pieces) {
        ChatAssembler assembler = new ChatAssembler();
        ThinkTags tags = new ThinkTags(open);
        pieces.forEach(piece -> tags.add(assembler, 0, piece));
        tags.end(assembler);
        return assembler.finish();
    }

    private static List<String> cut(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(6));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "'<think>\\nHm.\\n</think>\\n\\nYes' | 'Hm.' | 'Yes'",
                "'\\n<think>Hm</thi</think>Yes </think>' | 'Hm</thi' | 'Yes </think>'",
                "'<think></think>Yes' | none | 'Yes'",
                "'<think>  </think>  ' | none | ''",
                "'<think>Hm and no end \\n' | 'Hm and no end' | ''",
                "' <thin ice' | none | ' <thin ice'",
                "'Yes <think>no</think>' | none | 'Yes <think>no</think>'",
                "'<thi' | none | '<thi'"
            })
    void however_the_text_is_cut_reasoning_and_answer_are_the_same(String text, String reasoning, String answer) {
        check(false, text, reasoning, answer);
    }

    /** As of vLLM without a parser and a model whose prompt ends with the tag. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "'\\nHm.\\n</think>\\n\\nYes' | 'Hm.' | 'Yes'",
                "'<think>Hm.</think>Yes' | 'Hm.' | 'Yes'",
                "'</think>Yes' | none | 'Yes'",
                "'Hm and no end \\n' | 'Hm and no end' | ''",
                "'<thi' | '<thi' | ''"
            })
    void the_first_tag_may_be_missing_if_the_prompt_had_it(String text, String reasoning, String answer) {
        check(true, text, reasoning, answer);
    }

    private static void check(boolean open, String text, String reasoning, String answer) {
        String whole = text.replace("\\n", "\n");
        Random random = new Random(4711);
        for (int i = 0; i < 200; i++) {
            List<String> pieces = i == 0 ? List.of(whole) : cut(whole, random);
            ChatResponse reply = read(open, pieces);

            assertThat(reply.message().reasoning()).as("%s", pieces).isEqualTo(reasoning);
            assertThat(reply.text()).as("%s", pieces).isEqualTo(answer.replace("\\n", "\n"));
        }
    }

    @Test
    void nothing_but_a_piece_of_a_tag_is_kept_back() {
        ChatAssembler assembler = new ChatAssembler();
        ThinkTags tags = new ThinkTags(false);

        tags.add(assembler, 0, "<think>Hm < 3 </");
        assertThat(assembler.poll()).isEqualTo(new ChatEvent.ReasoningDelta(0, "Hm < 3"));
        tags.add(assembler, 0, "think>Yes");
        assertThat(assembler.poll()).isEqualTo(new ChatEvent.TextDelta(0, "Yes"));
    }

    @Test
    void answers_side_by_side_do_not_mix() {
        ChatAssembler assembler = new ChatAssembler();
        ThinkTags tags = new ThinkTags(false);

        tags.add(assembler, 0, "<think>a");
        tags.add(assembler, 1, "b");
        tags.add(assembler, 0, "</think>c");
        tags.end(assembler);
        ChatResponse reply = assembler.finish();

        assertThat(reply.choices().get(0).message().reasoning()).isEqualTo("a");
        assertThat(reply.choices().get(0).message().text()).isEqualTo("c");
        assertThat(reply.choices().get(1).message().text()).isEqualTo("b");
    }
}
