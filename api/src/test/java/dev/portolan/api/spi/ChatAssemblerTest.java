package dev.portolan.api.spi;

import static dev.portolan.api.spi.ToolCallAssemblerTest.drained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Seeds;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.ChatChoice;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.FinishReason.Unified;
import dev.portolan.api.chat.LogProbs;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatAssemblerTest {
    record ToyMetadata(String provider) implements ProviderMetadata {}

    private final ChatAssembler assembler = new ChatAssembler();

    @Nested
    class Texts {
        @Test
        void are_joined_for_each_answer() {
            assembler.text(1, "eins ");
            assembler.text(0, "one ");
            assembler.text(1, "zwei");
            assembler.text(0, "two");
            ChatResponse response = assembler.finish();

            assertThat(response.text()).isEqualTo("one two");
            assertThat(response.choices()).extracting(ChatChoice::index).containsExactly(0, 1);
            assertThat(response.choices().get(1).message().text()).isEqualTo("eins zwei");
        }

        @ParameterizedTest
        @NullAndEmptySource
        void that_are_null_or_empty_are_ignored(String nothing) {
            assembler.text(0, nothing);
            assembler.reasoning(0, nothing);
            assembler.refusal(0, nothing);

            assertThat(assembler.poll()).isNull();
            assertThat(assembler.hasContent()).isFalse();
            assertThat(assembler.finish().choices()).isEmpty();
        }

        @Test
        void reasoning_and_refusal_are_kept_apart() {
            assembler.reasoning(0, "because ");
            assembler.text(0, "answer");
            assembler.reasoning(0, "so");
            assembler.refusal(0, "I ");
            assembler.refusal(0, "will not");

            assertThat(drained(assembler))
                    .containsExactly(
                            new ChatEvent.ReasoningDelta(0, "because "),
                            new ChatEvent.TextDelta(0, "answer"),
                            new ChatEvent.ReasoningDelta(0, "so"),
                            new ChatEvent.RefusalDelta(0, "I "),
                            new ChatEvent.RefusalDelta(0, "will not"));
            assertThat(assembler.finish().message())
                    .satisfies(message -> assertThat(message.text()).isEqualTo("answer"))
                    .satisfies(message -> assertThat(message.reasoning()).isEqualTo("because so"))
                    .satisfies(message -> assertThat(message.refusal()).isEqualTo("I will not"));
        }

        @Test
        void that_never_came_are_missing_not_empty() {
            assembler.choice(0);

            assertThat(assembler.finish().message())
                    .satisfies(message -> assertThat(message.content()).isEmpty())
                    .satisfies(message -> assertThat(message.reasoning()).isNull())
                    .satisfies(message -> assertThat(message.refusal()).isNull())
                    .satisfies(message -> assertThat(message.audio()).isNull());
        }

        @Test
        void of_the_events_are_those_of_the_answer() {
            Seeds.each(1_000, random -> {
                ChatAssembler all = new ChatAssembler();
                StringBuilder expected = new StringBuilder();
                for (int i = random.nextInt(10); i > 0; i--) {
                    String piece = random.nextInt(4) == 0 ? null : Seeds.text(random, 5);
                    all.text(0, piece);
                    expected.append(piece == null ? "" : piece);
                    if (random.nextInt(4) == 0) {
                        assertThat(all.snapshot().text()).isEqualTo(expected.toString());
                    }
                }
                StringBuilder streamed = new StringBuilder();
                for (ChatEvent event : drained(all)) {
                    streamed.append(((ChatEvent.TextDelta) event).text());
                }
                assertThat(all.finish().text()).isEqualTo(expected.toString()).isEqualTo(streamed.toString());
            });
        }
    }

    @Nested
    class Finishing {
        @Test
        void the_last_reason_that_was_given_counts() {
            assembler.finishReason(0, null);
            assembler.finishReason(0, "length");
            assembler.finishReason(0, "stop");
            assembler.finishReason(0, null);

            assertThat(assembler.finish().finishReason()).isEqualTo(new FinishReason(Unified.STOP, "stop"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " "})
        void a_blank_reason_after_another_does_not_count(String blank) {
            assembler.finishReason(0, "stop");
            assembler.finishReason(0, blank);

            assertThat(assembler.finish().finishReason()).isEqualTo(new FinishReason(Unified.STOP, "stop"));
        }

        @Test
        void stop_with_tool_calls_means_tool_calls_but_is_kept_as_it_came() {
            assembler.toolCall(0, 0, "a", "f", "{}", Map.of());
            assembler.finishReason(0, "stop");

            assertThat(assembler.finish().finishReason()).isEqualTo(new FinishReason(Unified.TOOL_CALLS, "stop"));
        }

        @ParameterizedTest
        @CsvSource({"length, LENGTH", "content_filter, CONTENT_FILTER", "error, ERROR", "tool_calls, TOOL_CALLS"})
        void another_reason_with_tool_calls_stays_what_it_is(String raw, Unified unified) {
            assembler.toolCall(0, 0, "a", "f", "{", Map.of());
            assembler.finishReason(0, raw);

            assertThat(assembler.finish().finishReason()).isEqualTo(new FinishReason(unified, raw));
        }

        @Test
        void the_tool_calls_of_one_answer_do_not_change_the_reason_of_another() {
            assembler.text(0, "answer");
            assembler.finishReason(0, "stop");
            assembler.toolCall(1, 0, "a", "f", "{}", Map.of());
            assembler.finishReason(1, "stop");

            assertThat(assembler.finish().choices())
                    .extracting(choice -> choice.finishReason().unified())
                    .containsExactly(Unified.STOP, Unified.TOOL_CALLS);
        }

        @Test
        void no_reason_is_unknown() {
            assembler.text(0, "answer");

            assertThat(assembler.hasFinishReason()).isFalse();
            assertThat(assembler.finish().finishReason()).isEqualTo(FinishReason.UNKNOWN);
        }

        @Test
        void every_answer_that_says_something_must_say_why_it_ended() {
            assembler.text(0, "answer");
            assembler.finishReason(1, "stop");
            assertThat(assembler.hasFinishReason()).isFalse();

            assembler.finishReason(0, "stop");
            assertThat(assembler.hasFinishReason()).isTrue();
        }

        @Test
        void an_answer_without_anything_is_empty() {
            assembler.choice(0);

            assertThat(assembler.hasContent()).isFalse();
            assertThat(assembler.finish().isEmpty()).isTrue();
            assertThat(assembler.snapshot().choices()).hasSize(1);
        }

        @Test
        void a_reply_without_answers_can_still_be_asked() {
            ChatResponse response = assembler.finish();

            assertThat(response.choices()).isEmpty();
            assertThat(response.text()).isEmpty();
            assertThat(response.toolCalls()).isEmpty();
            assertThat(response.finishReason()).isEqualTo(FinishReason.UNKNOWN);
            assertThat(response.isEmpty()).isTrue();
            assertThat(response.model()).isEmpty();
            assertThat(response.id()).isNull();
            assertThat(response.usage()).isEqualTo(Usage.NOT_REPORTED);
            assertThat(response.cost()).isEqualTo(Cost.UNKNOWN);
        }
    }

    @Nested
    class Events {
        @Test
        void begin_once_with_what_is_known_by_then() {
            Instant created = Instant.ofEpochSecond(1_756_000_000);
            assembler.id("gen-1");
            assembler.model("openai/gpt-5");
            assembler.provider("OpenAI");
            assembler.created(created);
            assembler.start();
            assembler.start();
            assembler.text(0, "answer");
            ChatResponse response = assembler.finish();

            assertThat(drained(assembler))
                    .containsExactly(
                            new ChatEvent.ResponseStarted("gen-1", "openai/gpt-5", "OpenAI", created),
                            new ChatEvent.TextDelta(0, "answer"),
                            new ChatEvent.ResponseFinished(response));
        }

        @Test
        void begin_with_the_start_even_if_nobody_called_it() {
            assembler.text(0, "answer");
            assembler.finish();

            assertThat(drained(assembler)).first().isInstanceOf(ChatEvent.ResponseStarted.class);
        }

        @Test
        void come_in_the_order_in_which_things_arrived() {
            Media image = Media.url("data:image/png;base64,AAAA");
            Annotation annotation = new Annotation.Raw(RawJson.of(Map.of("type", "new")));
            Usage usage = Usage.of(3, 4);
            Cost cost = Cost.reported(new BigDecimal("0.01"));
            assembler.start();
            assembler.annotation(0, annotation);
            assembler.image(0, image);
            assembler.usage(usage, cost);
            assembler.text(0, "late");
            ChatResponse response = assembler.finish();

            assertThat(drained(assembler).subList(1, 6))
                    .containsExactly(
                            new ChatEvent.AnnotationReceived(0, annotation),
                            new ChatEvent.ImageReceived(0, image),
                            new ChatEvent.UsageReported(usage, cost),
                            new ChatEvent.TextDelta(0, "late"),
                            new ChatEvent.ResponseFinished(response));
            assertThat(response.message().images()).containsExactly(image);
            assertThat(response.message().annotations()).containsExactly(annotation);
            assertThat(response.usage()).isEqualTo(usage);
            assertThat(response.cost()).isEqualTo(cost);
        }
    }

    @Nested
    class TheReply {
        @Test
        void carries_all_that_was_set() {
            Warning warning = new Warning("top_a", "not sent");
            assembler.id("gen-1");
            assembler.model("m");
            assembler.provider("p");
            assembler.created(Instant.EPOCH);
            assembler.systemFingerprint("fp");
            assembler.serviceTier("flex");
            assembler.warning(warning);
            assembler.metadata(List.of(new ToyMetadata("toy")));
            assembler.extra("z", RawJson.of(1));
            assembler.extra("a", RawJson.of(2));
            assembler.choiceExtra(0, "native_finish_reason", RawJson.of("end_turn"));
            assembler.messageExtra(0, "role", RawJson.of("assistant"));
            ChatResponse response = assembler.finish();

            assertThat(assembler.id()).isEqualTo("gen-1");
            assertThat(response.id()).isEqualTo("gen-1");
            assertThat(response.model()).isEqualTo("m");
            assertThat(response.provider()).isEqualTo("p");
            assertThat(response.created()).isEqualTo(Instant.EPOCH);
            assertThat(response.systemFingerprint()).isEqualTo("fp");
            assertThat(response.serviceTier()).isEqualTo("flex");
            assertThat(response.warnings()).containsExactly(warning);
            assertThat(response.metadata(ToyMetadata.class)).contains(new ToyMetadata("toy"));
            assertThat(response.extras().keySet()).containsExactly("z", "a");
            assertThat(response.choices().get(0).extras())
                    .containsEntry("native_finish_reason", RawJson.of("end_turn"));
            assertThat(response.message().extras()).containsEntry("role", RawJson.of("assistant"));
        }

        @Test
        void keeps_what_was_known_when_a_later_chunk_says_null() {
            assembler.id("gen-1");
            assembler.model("m");
            assembler.provider("p");
            assembler.created(Instant.EPOCH);
            assembler.systemFingerprint("fp");
            assembler.serviceTier("flex");
            assembler.id(null);
            assembler.model(null);
            assembler.provider(null);
            assembler.created(null);
            assembler.systemFingerprint(null);
            assembler.serviceTier(null);
            ChatResponse response = assembler.finish();

            assertThat(response)
                    .extracting(
                            ChatResponse::id,
                            ChatResponse::model,
                            ChatResponse::provider,
                            ChatResponse::created,
                            ChatResponse::systemFingerprint,
                            ChatResponse::serviceTier)
                    .containsExactly("gen-1", "m", "p", Instant.EPOCH, "fp", "flex");
        }

        @Test
        void joins_the_likelihoods_of_tokens() {
            LogProbs.Token token = new LogProbs.Token("a", -0.5, List.of(97), List.of());
            assembler.logprobs(0, new LogProbs(List.of(token), List.of()));
            assembler.logprobs(0, new LogProbs(List.of(token), List.of(token)));

            assertThat(assembler.finish().choices().get(0).logprobs())
                    .isEqualTo(new LogProbs(List.of(token, token), List.of(token)));
        }

        @Test
        void so_far_can_be_seen_at_any_time_and_does_not_change_later() {
            assembler.id("gen-1");
            assembler.text(0, "one ");
            assembler.messageExtra(0, "a", RawJson.NULL);
            ChatResponse half = assembler.snapshot();
            assembler.text(0, "two");
            assembler.image(0, Media.url("https://example.org/a.png"));
            assembler.messageExtra(0, "b", RawJson.NULL);
            assembler.warning(new Warning("a", "b"));
            assembler.extra("a", RawJson.NULL);
            assembler.finishReason(0, "stop");

            assertThat(half.text()).isEqualTo("one ");
            assertThat(half.id()).isEqualTo("gen-1");
            assertThat(half.finishReason()).isEqualTo(FinishReason.UNKNOWN);
            assertThat(half.message().images()).isEmpty();
            assertThat(half.message().extras()).containsOnlyKeys("a");
            assertThat(half.warnings()).isEmpty();
            assertThat(half.extras()).isEmpty();
            assertThat(assembler.finish().text()).isEqualTo("one two");
        }

        @Test
        void so_far_tells_no_event() {
            assembler.text(0, "one ");
            assembler.toolCall(0, 0, "a", "f", "{", Map.of());
            drained(assembler);

            assembler.snapshot();

            assertThat(assembler.poll()).isNull();
        }

        @Test
        void has_content_once_anything_has_arrived() {
            assertThat(assembler.hasContent()).isFalse();
            assembler.finishReason(0, "stop");
            assembler.usage(Usage.of(1, 1), Cost.UNKNOWN);
            assertThat(assembler.hasContent()).isFalse();
            assembler.reasoningFragment(0, new ReasoningDetail.Encrypted("AAA", ReasoningDetail.Origin.NONE));
            assertThat(assembler.hasContent()).isTrue();
        }
    }

    @Nested
    class Sound {
        @Test
        void comes_in_pieces_with_its_transcript() {
            Instant expires = Instant.ofEpochSecond(1_756_000_000);
            assembler.audio(0, "audio-1", "AQID", "Hel", null);
            assembler.audio(0, null, "BAUG", "lo", null);
            assembler.audio(0, null, null, null, expires);

            assertThat(drained(assembler))
                    .containsExactly(
                            new ChatEvent.AudioDelta(0, new byte[] {1, 2, 3}, "Hel"),
                            new ChatEvent.AudioDelta(0, new byte[] {4, 5, 6}, "lo"));
            AudioOutput audio = assembler.finish().message().audio();
            assertThat(audio.id()).isEqualTo("audio-1");
            assertThat(audio.data().data()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(audio.transcript()).isEqualTo("Hello");
            assertThat(audio.expiresAt()).isEqualTo(expires);
        }

        @Test
        void that_is_only_a_transcript_has_no_data() {
            assembler.audio(0, "audio-1", "", "Hello", null);

            assertThat(assembler.finish().message().audio()).isEqualTo(new AudioOutput("audio-1", null, "Hello", null));
        }

        @Test
        void without_words_has_no_transcript() {
            assembler.audio(0, "audio-1", "AQID", "", null);

            assertThat(assembler.finish().message().audio().transcript()).isNull();
        }

        @Test
        void of_two_answers_is_kept_apart() {
            assembler.audio(0, null, "AQ", null, null);
            assembler.audio(1, null, "BAUG", null, null);
            assembler.audio(0, null, "ID", null, null);
            ChatResponse response = assembler.finish();

            assertThat(response.choices().get(0).message().audio().data().data())
                    .containsExactly(1, 2, 3);
            assertThat(response.choices().get(1).message().audio().data().data())
                    .containsExactly(4, 5, 6);
        }

        @Test
        void in_pieces_that_are_padded_one_by_one_is_joined() {
            assembler.audio(0, null, "AQ==", null, null);
            assembler.audio(0, null, "Ag==AwQ=", null, null);
            assembler.audio(0, null, "BQ", null, null);
            assembler.audio(0, null, "=", null, null);
            assembler.audio(0, null, "=", null, null);

            assertThat(assembler.finish().message().audio().data().data()).containsExactly(1, 2, 3, 4, 5);
        }

        @Test
        void without_padding_at_its_end_is_not_cut_short() {
            assembler.audio(0, null, "AQIDBA", null, null);

            assertThat(assembler.finish().message().audio().data().data()).containsExactly(1, 2, 3, 4);
        }

        @ParameterizedTest
        @ValueSource(strings = {"????", "AQ=A", "A===", "AQI\n"})
        void that_is_not_base64_is_refused(String text) {
            assertThatIllegalArgumentException().isThrownBy(() -> assembler.audio(0, null, text, null, null));
        }

        @Test
        void may_be_cut_anywhere() {
            Seeds.each(2_000, random -> {
                ByteArrayOutputStream sent = new ByteArrayOutputStream();
                StringBuilder base64 = new StringBuilder();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    byte[] bytes = new byte[random.nextInt(40)];
                    random.nextBytes(bytes);
                    sent.writeBytes(bytes);
                    base64.append(Base64.getEncoder().encodeToString(bytes));
                }
                ChatAssembler all = new ChatAssembler();
                List<String> pieces = Seeds.pieces(random, base64.toString());
                pieces.forEach(piece -> all.audio(0, null, piece, null, null));
                ByteArrayOutputStream streamed = new ByteArrayOutputStream();
                for (ChatEvent event : drained(all)) {
                    streamed.writeBytes(((ChatEvent.AudioDelta) event).data());
                }
                String story = pieces.toString();
                assertThat(streamed.toByteArray()).as(story).isEqualTo(sent.toByteArray());
                if (sent.size() > 0) {
                    assertThat(all.finish().message().audio().data().data())
                            .as(story)
                            .isEqualTo(sent.toByteArray());
                }
            });
        }

        @Test
        void is_compared_by_its_bytes_and_not_shown() {
            byte[] data = "secret".getBytes(StandardCharsets.UTF_8);
            ChatEvent.AudioDelta delta = new ChatEvent.AudioDelta(0, data, "secret");

            assertThat(delta)
                    .isEqualTo(new ChatEvent.AudioDelta(0, Arrays.copyOf(data, 6), "secret"))
                    .hasSameHashCodeAs(new ChatEvent.AudioDelta(0, Arrays.copyOf(data, 6), "secret"))
                    .isNotEqualTo(new ChatEvent.AudioDelta(0, new byte[6], "secret"))
                    .isNotEqualTo(new ChatEvent.AudioDelta(1, data, "secret"))
                    .hasToString("AudioDelta[6 bytes]");
        }
    }

    @Test
    void a_blocking_and_a_streamed_reply_of_the_same_content_are_equal() {
        ChatAssembler blocking = new ChatAssembler();
        blocking.id("gen-1");
        blocking.text(0, "one two");
        blocking.toolCall(0, 0, "a", "f", "{\"x\":1}", Map.of());
        blocking.finishReason(0, "tool_calls");
        ChatAssembler streamed = new ChatAssembler();
        streamed.id("gen-1");
        streamed.start();
        for (String piece : new ArrayList<>(List.of("one", " ", "two"))) {
            streamed.text(0, piece);
        }
        streamed.toolCall(0, 0, "a", "f", "", Map.of());
        streamed.toolCall(0, 0, null, null, "{\"x\"", Map.of());
        streamed.toolCall(0, 0, null, null, ":1}", Map.of());
        streamed.finishReason(0, "tool_calls");
        streamed.finishReason(0, null);

        assertThat(streamed.finish()).isEqualTo(blocking.finish());
    }
}
