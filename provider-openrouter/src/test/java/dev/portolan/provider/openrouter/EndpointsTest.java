package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.provider.openrouter.account.Credits;
import dev.portolan.provider.openrouter.account.Generation;
import dev.portolan.provider.openrouter.account.KeyInfo;
import dev.portolan.provider.openrouter.account.UpstreamProvider;
import dev.portolan.provider.openrouter.audio.Speech;
import dev.portolan.provider.openrouter.audio.SpeechRequest;
import dev.portolan.provider.openrouter.audio.Transcription;
import dev.portolan.provider.openrouter.audio.TranscriptionRequest;
import dev.portolan.provider.openrouter.rerank.RerankRequest;
import dev.portolan.provider.openrouter.rerank.RerankResponse;
import dev.portolan.testkit.simulator.CannedResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoints that are behind no port: account, rerank, audio. */
class EndpointsTest {
    @RegisterExtension
    final Loopback server = new Loopback();

    private OpenRouter answered(CannedResponse answer) {
        server.simulator().enqueue(answer);
        return server.openRouter();
    }

    private OpenRouter answered(String json) {
        return answered(CannedResponse.json(200, json));
    }

    @Nested
    class Account {
        @Test
        void a_generation_tells_tokens_cost_and_times() {
            Generation generation =
                    server.answer("generation.json").openRouter().generation("gen-1787300000-AAAAsimple0000000001");

            assertThat(server.received().method()).isEqualTo("GET");
            assertThat(server.received().path()).isEqualTo("/api/v1/generation?id=gen-1787300000-AAAAsimple0000000001");
            assertThat(server.received().header("Authorization")).contains("Bearer " + Loopback.KEY);
            assertThat(generation.id()).isEqualTo("gen-1787300000-AAAAsimple0000000001");
            assertThat(generation.model()).isEqualTo("openai/gpt-4o-mini-2024-07-18");
            assertThat(generation.apiType()).isEqualTo("completions");
            assertThat(generation.provider()).isEqualTo("OpenAI");
            assertThat(generation.createdAt()).isEqualTo(Instant.parse("2026-08-22T05:13:20.123456Z"));
            assertThat(generation.usage().promptTokens()).isEqualTo(14);
            assertThat(generation.usage().completionTokens()).isEqualTo(7);
            assertThat(generation.usage().totalTokens()).isEqualTo(21);
            assertThat(generation.cost().amount()).isEqualTo(new BigDecimal("0.00012"));
            assertThat(generation.latency()).isEqualTo(Duration.ofMillis(412));
            assertThat(generation.generationTime()).isEqualTo(Duration.ofNanos(890_500_000));
            assertThat(generation.streamed()).isTrue();
            assertThat(generation.cancelled()).isFalse();
            assertThat(generation.byok()).isFalse();
            assertThat(generation.finishReason()).isEqualTo("stop");
            assertThat(Json.at(Json.value(generation.raw().text()), "provider_responses.0.status"))
                    .isEqualTo(new BigDecimal("429"));
        }

        @Test
        void with_the_caller_s_own_key_the_provider_s_bill_is_added() {
            Generation generation = answered(
                            "{\"data\":{\"total_cost\":0.001,\"is_byok\":true,\"upstream_inference_cost\":0.02}}")
                    .generation("g");

            assertThat(generation.byok()).isTrue();
            assertThat(generation.cost().amount()).isEqualByComparingTo("0.021");
        }

        @Test
        void a_generation_of_which_nothing_is_told_has_an_unknown_cost() {
            Generation generation = answered("{\"data\":{\"created_at\":\"soon\",\"latency\":\"x\"}}")
                    .generation("g");

            assertThat(generation.cost().isKnown()).isFalse();
            assertThat(generation.createdAt()).isNull();
            assertThat(generation.latency()).isNull();
        }

        @Test
        void a_generation_that_is_not_there_yet_is_not_found() {
            OpenRouter openRouter =
                    answered(CannedResponse.json(404, "{\"error\":{\"code\":404,\"message\":\"not found\"}}"));

            assertThatThrownBy(() -> openRouter.generation("gen-1")).isInstanceOf(NotFoundException.class);
        }

        @Test
        void the_books_tell_what_a_generation_was_billed_for() {
            BillingPort billing =
                    server.answer("generation.json").openRouter().billing().orElseThrow();

            BillingPort.Bill bill = billing.find(ModelId.parse("openrouter/openai/gpt-4o-mini"), "gen-1")
                    .orElseThrow();

            assertThat(bill.cost()).isEqualTo(Cost.reported(new BigDecimal("0.00012")));
            assertThat(bill.usage().totalTokens()).isEqualTo(21);
        }

        @Test
        void the_books_have_nothing_yet_of_a_generation_that_is_not_found() {
            OpenRouter openRouter =
                    answered(CannedResponse.json(404, "{\"error\":{\"code\":404,\"message\":\"not found\"}}"));

            assertThat(openRouter.billing().orElseThrow().find(ModelId.parse("openrouter/openai/gpt-4o-mini"), "gen-1"))
                    .isEmpty();
        }

        @Test
        void an_id_is_escaped_in_the_address() {
            answered("{\"data\":{}}").generation("a&b=c d");

            assertThat(server.received().path()).isEqualTo("/api/v1/generation?id=a%26b%3Dc%20d");
        }

        @Test
        void credits_are_what_was_paid_in_less_what_was_spent() {
            Credits credits = server.answer("credits.json").openRouter().credits();

            assertThat(server.received().path()).isEqualTo("/api/v1/credits");
            assertThat(credits.total()).isEqualByComparingTo("100.5");
            assertThat(credits.used()).isEqualByComparingTo("25.75");
            assertThat(credits.remaining()).isEqualTo(new BigDecimal("74.75"));
        }

        @Test
        void credits_are_not_for_any_key() {
            OpenRouter openRouter = answered(CannedResponse.json(
                    403, "{\"error\":{\"code\":403,\"message\":\"Only management keys can do this\"}}"));

            assertThatThrownBy(openRouter::credits).isInstanceOf(PermissionDeniedException.class);
        }

        @Test
        void a_key_tells_its_limit_and_what_it_spent() {
            KeyInfo key = server.answer("key.json").openRouter().key();

            assertThat(server.received().path()).isEqualTo("/api/v1/key");
            assertThat(key.label()).isEqualTo("sk-or-v1-0e6...1c9");
            assertThat(key.limit()).isEqualByComparingTo("50");
            assertThat(key.limitRemaining()).isEqualByComparingTo("37.25");
            assertThat(key.limitReset()).isEqualTo("monthly");
            assertThat(key.usage()).isEqualByComparingTo("12.75");
            assertThat(key.usageDaily()).isEqualByComparingTo("0.5");
            assertThat(key.usageWeekly()).isEqualByComparingTo("3.25");
            assertThat(key.usageMonthly()).isEqualByComparingTo("12.75");
            assertThat(key.byokUsage()).isEqualByComparingTo("0");
            assertThat(key.freeTier()).isFalse();
            assertThat(key.managementKey()).isFalse();
            assertThat(key.expiresAt()).isNull();
            assertThat(key.raw().text()).contains("user_2abcEXAMPLE");
        }

        @Test
        void a_key_without_limit_has_none_rather_than_0() {
            KeyInfo key = server.answer("key-unlimited.json").openRouter().key();

            assertThat(key.limit()).isNull();
            assertThat(key.limitRemaining()).isNull();
            assertThat(key.limitReset()).isNull();
            assertThat(key.freeTier()).isTrue();
            assertThat(key).hasToString("KeyInfo[dev, no limit]");
        }

        @Test
        void a_bad_key_is_told() {
            OpenRouter openRouter = answered(CannedResponse.json(401, Fixtures.text("error-401.json")));

            assertThatThrownBy(openRouter::key).isInstanceOf(AuthenticationException.class);
        }

        @Test
        void providers_are_listed() {
            assertThat(server.answer("providers.json").openRouter().providers())
                    .containsExactly(new UpstreamProvider(
                            "Acme", "acme", null, "https://acme.example/tos", null, "CH", List.of("CH", "DE")));
            assertThat(server.received().path()).isEqualTo("/api/v1/providers");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "not json", "<html>"})
        void an_answer_that_is_not_json_is_malformed(String body) {
            OpenRouter openRouter = answered(body);

            assertThatThrownBy(openRouter::key).isInstanceOf(MalformedResponseException.class);
        }

        @Test
        void an_error_inside_an_answer_of_200_is_an_error() {
            OpenRouter openRouter = answered("{\"error\":{\"code\":401,\"message\":\"No auth\"}}");

            assertThatThrownBy(openRouter::key).isInstanceOf(AuthenticationException.class);
        }

        @Test
        void the_provider_itself_is_reached_through_the_entry_point() {
            server.answer("credits.json");
            try (Portolan portolan = Portolan.builder()
                    .settings(server.settings())
                    .provider(new OpenRouterProviderFactory())
                    .build()) {
                assertThat(portolan.provider("openrouter", OpenRouter.class)
                                .credits()
                                .remaining())
                        .isEqualByComparingTo("74.75");
            }
        }
    }

    @Nested
    class Reranking {
        @Test
        void documents_come_in_the_order_of_their_relevance() {
            RerankResponse response = server.answer("rerank.json")
                    .openRouter()
                    .rerank(RerankRequest.of("openrouter/acme/rerank-1", "which?", List.of("a", "b"))
                            .withTopN(2));

            assertThat(server.received().path()).isEqualTo("/api/v1/rerank");
            assertThat(server.receivedBody())
                    .isEqualTo(
                            Json.value(
                                    "{\"model\":\"acme/rerank-1\",\"query\":\"which?\",\"documents\":[\"a\",\"b\"],\"top_n\":2}"));
            assertThat(response.id()).isEqualTo("gen-rr-1");
            assertThat(response.model()).isEqualTo("acme/rerank-1");
            assertThat(response.provider()).isEqualTo("Acme");
            assertThat(response.searchUnits()).isEqualTo(1);
            assertThat(response.cost().amount()).isEqualTo(new BigDecimal("0.002"));
            assertThat(response.results())
                    .extracting(RerankResponse.Result::index)
                    .containsExactly(1, 0);
            assertThat(response.results())
                    .extracting(RerankResponse.Result::relevanceScore)
                    .containsExactly(0.97, 0.02);
            assertThat(response.results())
                    .extracting(result -> Json.object(result.document().text()))
                    .containsExactly(Map.of("text", "b"), Map.of("text", "a"));
        }

        @Test
        void results_out_of_order_are_put_in_order() {
            assertThat(answered(
                                    "{\"results\":[{\"index\":0,\"relevance_score\":0.1},{\"index\":1,\"relevance_score\":0.9}]}")
                            .rerank(RerankRequest.of("openrouter/acme/rerank-1", "which?", List.of("a", "b")))
                            .results())
                    .extracting(RerankResponse.Result::index)
                    .containsExactly(1, 0);
        }

        @Test
        void routing_and_session_are_sent() {
            server.answer("rerank.json")
                    .openRouter()
                    .rerank(new RerankRequest(
                            ModelId.parse("openrouter/acme/rerank-1"),
                            "which?",
                            List.of("a"),
                            null,
                            OpenRouterOptions.builder()
                                    .provider(ProviderPreferences.builder()
                                            .only("acme")
                                            .build())
                                    .sessionId("s-1")
                                    .build(),
                            CallOptions.DEFAULT));

            assertThat(server.receivedBody())
                    .containsEntry("provider", Map.of("only", List.of("acme")))
                    .doesNotContainKeys("top_n", "session_id");
            assertThat(server.received().header("x-session-id")).contains("s-1");
        }

        @Test
        void bad_input_is_refused_before_anything_is_sent() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RerankRequest.of("openrouter/m", " ", List.of("a")))
                    .withMessageContaining("not blank");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RerankRequest.of("openrouter/m", "q", List.of()))
                    .withMessageContaining("at least one document");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            RerankRequest.of("openrouter/m", "q", List.of("a")).withTopN(0))
                    .withMessage("top_n must be at least 1, found 0");
        }
    }

    @Nested
    class Speaking {
        private final byte[] sound = {(byte) 0xff, (byte) 0xfb, 0, 1, 2, 3};

        private SpeechRequest request() {
            return SpeechRequest.of("openrouter/acme/voice-1", "Hello", "anna", SpeechRequest.Format.MP3);
        }

        @Test
        void speech_is_bytes_with_their_type_and_the_id_of_the_header() {
            Speech speech = answered(CannedResponse.of(200, "audio/mpeg", sound).header("X-Generation-Id", "gen-tts-1"))
                    .speak(request());

            assertThat(speech.sound()).isEqualTo(new Media.Bytes(sound, "audio/mpeg"));
            assertThat(speech.generationId()).isEqualTo("gen-tts-1");
            assertThat(server.received().path()).isEqualTo("/api/v1/audio/speech");
            assertThat(server.receivedBody()).isEqualTo(Json.value("""
                                    {"model":"acme/voice-1","input":"Hello","voice":"anna","response_format":"mp3"}"""));
        }

        @Test
        void every_field_is_sent_by_its_name() {
            answered(CannedResponse.of(200, "audio/pcm", sound))
                    .speak(new SpeechRequest(
                            ModelId.parse("openrouter/acme/voice-1"),
                            "Hello",
                            null,
                            null,
                            1.5,
                            Map.of("acme", RawJson.parse("{\"mood\":\"calm\"}")),
                            CallOptions.DEFAULT));

            assertThat(server.receivedBody()).isEqualTo(Json.value("""
                                    {"model":"acme/voice-1","input":"Hello","speed":1.5,
                                     "provider":{"options":{"acme":{"mood":"calm"}}}}"""));
        }

        @ParameterizedTest
        @CsvSource({"application/octet-stream, MP3, audio/mpeg", "application/octet-stream, PCM, audio/pcm"})
        void a_type_that_says_nothing_is_replaced_by_what_was_asked(
                String told, SpeechRequest.Format asked, String type) {
            Speech speech = answered(CannedResponse.of(200, told, sound))
                    .speak(SpeechRequest.of("openrouter/acme/voice-1", "Hello", "anna", asked));

            assertThat(speech.sound().mediaType()).isEqualTo(type);
            assertThat(speech.generationId()).isNull();
        }

        @Test
        void an_error_as_json_with_a_status_of_200_is_an_error() {
            OpenRouter openRouter = answered("{\"error\":{\"code\":400,\"message\":\"No such voice\"}}");

            assertThatThrownBy(() -> openRouter.speak(request()))
                    .isInstanceOf(PortolanException.class)
                    .hasMessageContaining("No such voice");
        }

        @Test
        void json_that_is_no_error_is_malformed() {
            OpenRouter openRouter = answered("{\"text\":\"hm\"}");

            assertThatThrownBy(() -> openRouter.speak(request())).isInstanceOf(MalformedResponseException.class);
        }

        @Test
        void an_error_with_its_own_status_is_an_error() {
            OpenRouter openRouter = answered(CannedResponse.json(400, Fixtures.text("error-400-invalid-request.json")));

            assertThatThrownBy(() -> openRouter.speak(request())).isInstanceOf(InvalidRequestException.class);
        }

        @Test
        void sound_that_breaks_off_is_an_error() {
            OpenRouter openRouter =
                    answered(CannedResponse.of(200, "audio/mpeg", sound).thenDisconnect());

            assertThatThrownBy(() -> openRouter.speak(request())).isInstanceOf(PortolanException.class);
        }

        @Test
        void a_blank_text_is_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpeechRequest.of("openrouter/m", " ", "anna", SpeechRequest.Format.PCM))
                    .withMessageContaining("not blank");
        }
    }

    @Nested
    class Transcribing {
        private TranscriptionRequest request() {
            return TranscriptionRequest.of("openrouter/acme/ear-1", new byte[] {1, 2, 3}, "wav");
        }

        @Test
        void the_text_comes_with_its_length_tokens_and_cost() {
            Transcription said = answered(CannedResponse.json(200, Fixtures.text("transcription.json"))
                            .header("X-Generation-Id", "gen-stt-1"))
                    .transcribe(request());

            assertThat(said.text()).isEqualTo("Hello.");
            assertThat(said.seconds()).isEqualByComparingTo("1.2");
            assertThat(said.usage().promptTokens()).isEqualTo(9);
            assertThat(said.usage().completionTokens()).isEqualTo(4);
            assertThat(said.usage().totalTokens()).isEqualTo(13);
            assertThat(said.cost().amount()).isEqualByComparingTo("0.00005");
            assertThat(said.language()).isNull();
            assertThat(said.generationId()).isEqualTo("gen-stt-1");
            assertThat(server.received().path()).isEqualTo("/api/v1/audio/transcriptions");
            assertThat(server.receivedBody())
                    .isEqualTo(Json.value(
                            "{\"model\":\"acme/ear-1\",\"input_audio\":{\"data\":\"AQID\",\"format\":\"wav\"}}"));
        }

        @Test
        void every_field_is_sent_by_its_name_and_times_are_read() {
            Transcription said = answered("""
                            {"text":"Hi you","task":"transcribe","language":"en","duration":2.5,
                             "segments":[{"id":0,"start":0,"end":2.5,"text":"Hi you"},{"id":1,"text":"no times"}],
                             "words":[{"word":"Hi","start":0.1,"end":0.4},{"word":"you","start":0.5,"end":0.9}]}""")
                    .transcribe(new TranscriptionRequest(
                            ModelId.parse("openrouter/acme/ear-1"),
                            new Media.Bytes(new byte[] {1, 2, 3}, "audio/mpeg"),
                            "mp3",
                            "en",
                            0.5,
                            true,
                            List.of("word", "segment"),
                            Map.of("acme", RawJson.parse("{\"a\":1}")),
                            CallOptions.DEFAULT));

            assertThat(server.receivedBody()).isEqualTo(Json.value("""
                                    {"model":"acme/ear-1","input_audio":{"data":"AQID","format":"mp3"},"language":"en",
                                     "temperature":0.5,"response_format":"verbose_json",
                                     "timestamp_granularities":["word","segment"],"provider":{"options":{"acme":{"a":1}}}}"""));
            assertThat(said.language()).isEqualTo("en");
            assertThat(said.seconds()).isEqualByComparingTo("2.5");
            assertThat(said.segments()).extracting(Transcription.Span::text).containsExactly("Hi you");
            assertThat(said.words()).extracting(Transcription.Span::text).containsExactly("Hi", "you");
            assertThat(said.words().get(1).start()).isEqualByComparingTo("0.5");
            assertThat(said.cost().isKnown()).isFalse();
        }

        @Test
        void an_error_inside_an_answer_of_200_is_an_error() {
            OpenRouter openRouter = answered("{\"error\":{\"code\":400,\"message\":\"Not a sound\"}}");

            assertThatThrownBy(() -> openRouter.transcribe(request()))
                    .isInstanceOf(PortolanException.class)
                    .hasMessageContaining("Not a sound");
        }

        @Test
        void bad_input_is_refused_before_anything_is_sent() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TranscriptionRequest.of("openrouter/m", new byte[0], "wav"))
                    .withMessageContaining("no bytes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TranscriptionRequest(
                            ModelId.parse("openrouter/m"),
                            new Media.Bytes(new byte[1], "audio/wav"),
                            "wav",
                            null,
                            Double.NaN,
                            false,
                            List.of(),
                            Map.of(),
                            CallOptions.DEFAULT))
                    .withMessage("temperature must be between 0 and 1, found NaN");
        }
    }
}
