package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.Seeds;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ReasoningDetail.Encrypted;
import dev.portolan.api.chat.ReasoningDetail.Origin;
import dev.portolan.api.chat.ReasoningDetail.Raw;
import dev.portolan.api.chat.ReasoningDetail.ServerToolCall;
import dev.portolan.api.chat.ReasoningDetail.Summary;
import dev.portolan.api.chat.ReasoningDetail.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Joining streamed pieces of reasoning (OpenRouter reference: streaming §3). */
class ReasoningAssemblerTest {
    private static final String CLAUDE = "anthropic-claude-v1";

    private static Origin at(Long index) {
        return new Origin(null, null, index, Map.of());
    }

    private static Origin nulls(String... members) {
        Map<String, RawJson> extras = new java.util.LinkedHashMap<>();
        for (String member : members) {
            extras.put(member, RawJson.NULL);
        }
        return new Origin(null, null, null, extras);
    }

    private static List<ReasoningDetail> joined(ReasoningDetail... fragments) {
        ChatAssembler assembler = new ChatAssembler();
        for (ReasoningDetail fragment : fragments) {
            assembler.reasoningFragment(0, fragment);
        }
        return assembler.finish().message().reasoningDetails();
    }

    @Test
    void neighbouring_texts_become_one() {
        assertThat(joined(
                        new Text("I ", null, Origin.NONE),
                        new Text("think ", null, Origin.NONE),
                        new Text("so.", null, Origin.NONE)))
                .containsExactly(new Text("I think so.", null, Origin.NONE));
    }

    @Test
    void neighbouring_summaries_become_one() {
        assertThat(joined(new Summary("In ", at(0L)), new Summary("short", at(0L))))
                .containsExactly(new Summary("In short", at(0L)));
    }

    @Test
    void texts_and_summaries_are_not_mixed() {
        assertThat(joined(
                        new Text("a", null, Origin.NONE),
                        new Summary("b", Origin.NONE),
                        new Text("c", null, Origin.NONE)))
                .containsExactly(
                        new Text("a", null, Origin.NONE),
                        new Summary("b", Origin.NONE),
                        new Text("c", null, Origin.NONE));
    }

    @Test
    void pieces_of_different_indexes_stay_apart() {
        assertThat(joined(new Text("a", null, at(0L)), new Text("b", null, at(1L)), new Text("c", null, at(1L))))
                .containsExactly(new Text("a", null, at(0L)), new Text("bc", null, at(1L)));
    }

    @Test
    void a_missing_index_fits_any() {
        assertThat(joined(new Text("a", null, at(1L)), new Text("b", null, at(null)), new Text("c", null, at(1L))))
                .containsExactly(new Text("abc", null, at(1L)));
        assertThat(joined(new Text("a", null, at(null)), new Text("b", null, at(1L))))
                .containsExactly(new Text("ab", null, at(1L)));
    }

    @Test
    void pieces_of_different_ids_stay_apart() {
        ReasoningDetail first = new Summary("a", new Origin("rs_1", null, null, Map.of()));
        ReasoningDetail second = new Summary("b", new Origin("rs_2", null, null, Map.of()));

        assertThat(joined(first, second)).containsExactly(first, second);
    }

    @Test
    void a_signature_may_come_alone_after_the_text() {
        Origin origin = new Origin(null, CLAUDE, 0L, Map.of());
        assertThat(joined(new Text("I think.", null, origin), new Text(null, "sig", origin)))
                .containsExactly(new Text("I think.", "sig", origin));
        assertThat(joined(new Text("I think.", null, origin), new Text("", "sig", origin)))
                .containsExactly(new Text("I think.", "sig", origin));
    }

    @Test
    void a_signature_may_come_even_after_the_answer_has_begun() {
        ChatAssembler assembler = new ChatAssembler();
        assembler.reasoningFragment(0, new Text("I think.", null, at(0L)));
        assembler.text(0, "Yes");
        assembler.reasoningFragment(0, new Text(null, "sig", at(0L)));

        assertThat(assembler.finish().message().reasoningDetails())
                .containsExactly(new Text("I think.", "sig", at(0L)));
    }

    @Test
    void a_text_after_a_signature_is_the_next_one() {
        assertThat(joined(
                        new Text("a", null, Origin.NONE),
                        new Text(null, "sig-a", Origin.NONE),
                        new Text("b", null, Origin.NONE),
                        new Text(null, "sig-b", Origin.NONE)))
                .containsExactly(new Text("a", "sig-a", Origin.NONE), new Text("b", "sig-b", Origin.NONE));
    }

    @Test
    void id_and_format_may_come_on_any_fragment() {
        assertThat(joined(
                        new Text("a", null, new Origin("id", null, null, Map.of())),
                        new Text("b", null, new Origin(null, CLAUDE, null, Map.of())),
                        new Text("c", null, new Origin(null, null, 2L, Map.of()))))
                .containsExactly(new Text("abc", null, new Origin("id", CLAUDE, 2L, Map.of())));
    }

    @Test
    void encrypted_pieces_are_never_glued_together() {
        ReasoningDetail first = new Encrypted("AAA", at(0L));
        ReasoningDetail second = new Encrypted("BBB", at(0L));

        assertThat(joined(first, second, second)).containsExactly(first, second, second);
    }

    @Test
    void pieces_of_unknown_kinds_and_server_tools_are_kept_as_they_came() {
        ReasoningDetail unknown = new Raw(RawJson.of(Map.of("type", "reasoning.new")));
        ReasoningDetail tool = new ServerToolCall("openrouter:datetime", "{}", "now", null, Origin.NONE);

        assertThat(joined(unknown, unknown, tool, tool)).containsExactly(unknown, unknown, tool, tool);
    }

    @Test
    void a_piece_between_two_texts_keeps_them_apart() {
        ReasoningDetail text = new Text("a", null, Origin.NONE);
        ReasoningDetail encrypted = new Encrypted("AAA", Origin.NONE);

        assertThat(joined(text, encrypted, text)).containsExactly(text, encrypted, text);
    }

    @Test
    void a_single_piece_is_kept_to_the_letter() {
        ReasoningDetail onlySignature = new Text(null, "sig", nulls("text", "id"));
        ReasoningDetail empty = new Text("", null, Origin.NONE);

        assertThat(joined(onlySignature)).containsExactly(onlySignature);
        assertThat(joined(empty)).containsExactly(empty);
    }

    @Test
    void a_member_that_was_null_and_then_came_has_its_value() {
        assertThat(joined(
                        new Text("a", null, nulls("signature", "id", "format", "index", "other")),
                        new Text(null, "sig", new Origin("id", CLAUDE, 0L, Map.of("text", RawJson.NULL)))))
                .containsExactly(new Text("a", "sig", new Origin("id", CLAUDE, 0L, Map.of("other", RawJson.NULL))));
    }

    @Test
    void a_member_that_came_and_then_was_null_has_its_value() {
        assertThat(joined(
                        new Text("a", "sig", new Origin("id", CLAUDE, 0L, Map.of())),
                        new Text(null, null, nulls("text", "signature", "id", "format", "index"))))
                .containsExactly(new Text("a", "sig", new Origin("id", CLAUDE, 0L, Map.of())));
    }

    @Test
    void a_member_that_was_always_null_stays_null() {
        assertThat(joined(new Text("a", null, nulls("signature", "id")), new Text("b", null, nulls("signature", "id"))))
                .containsExactly(new Text("ab", null, nulls("signature", "id")));
    }

    @Test
    void further_members_of_all_fragments_are_kept() {
        assertThat(joined(
                        new Text("a", null, new Origin(null, null, null, Map.of("x", RawJson.of(1)))),
                        new Text("b", null, new Origin(null, null, null, Map.of("y", RawJson.of(2))))))
                .containsExactly(new Text(
                        "ab", null, new Origin(null, null, null, Map.of("x", RawJson.of(1), "y", RawJson.of(2)))));
    }

    @Test
    void whole_pieces_are_not_joined_at_all() {
        ReasoningDetail piece = new Text("a", null, at(0L));
        ChatAssembler assembler = new ChatAssembler();
        assembler.reasoningDetail(0, piece);
        assembler.reasoningDetail(0, piece);

        assertThat(assembler.finish().message().reasoningDetails()).containsExactly(piece, piece);
    }

    @Test
    void pieces_come_back_exactly_however_they_are_cut() {
        Seeds.each(5_000, random -> {
            List<ReasoningDetail> details = randomDetails(random);
            List<ReasoningDetail> fragments = new ArrayList<>();
            for (ReasoningDetail detail : details) {
                fragments.addAll(cut(random, detail));
            }
            assertThat(joined(fragments.toArray(new ReasoningDetail[0])))
                    .as(fragments.toString())
                    .isEqualTo(details);
        });
    }

    private static List<ReasoningDetail> randomDetails(Random random) {
        List<ReasoningDetail> details = new ArrayList<>();
        long count = random.nextInt(6);
        for (long index = 0; index < count; index++) {
            Origin origin = new Origin(
                    random.nextBoolean() ? "id-" + index : null, random.nextBoolean() ? CLAUDE : null, index, Map.of());
            String text = "_" + Seeds.text(random, 20);
            details.add(
                    switch (random.nextInt(4)) {
                        case 0 -> new Summary(text, origin);
                        case 1 -> new Encrypted(text, origin);
                        case 2 -> new Text(text, null, origin);
                        default -> new Text(text, "signature of " + text, origin);
                    });
        }
        return details;
    }

    private static List<ReasoningDetail> cut(Random random, ReasoningDetail detail) {
        List<ReasoningDetail> fragments = new ArrayList<>();
        if (detail instanceof Text text) {
            for (String piece : Seeds.pieces(random, text.text())) {
                fragments.add(new Text(piece, null, fragment(random, text.origin(), fragments.isEmpty())));
            }
            if (text.signature() != null) {
                fragments.add(new Text(
                        random.nextBoolean() ? null : "", text.signature(), fragment(random, text.origin(), false)));
            }
        } else if (detail instanceof Summary summary) {
            for (String piece : Seeds.pieces(random, summary.summary())) {
                fragments.add(new Summary(piece, fragment(random, summary.origin(), fragments.isEmpty())));
            }
        } else {
            fragments.add(detail);
        }
        return fragments;
    }

    private static Origin fragment(Random random, Origin whole, boolean first) {
        return first || random.nextBoolean()
                ? whole
                : new Origin(null, null, random.nextBoolean() ? whole.index() : null, Map.of());
    }
}
