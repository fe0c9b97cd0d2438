package dev.portolan.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.SpendingGuard.Reservation;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.ReplayedStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyCacheTest {
    private static final ChatRequest REQUEST = FakeModels.chat("one/a");

    private final FakeModels models = new FakeModels();
    private final AtomicLong now = new AtomicLong(-5_000_000_000L);

    private ReplyCache.Builder cache() {
        return ReplyCache.builder().nanoTime(now::get);
    }

    private ChatPort chat(ReplyCache cache) {
        return cache.decorate((ChatPort) models);
    }

    private final ChatPort chat = chat(cache().build());

    private static ChatRequest request(String text) {
        return ChatRequest.builder("one/a").user(text).build();
    }

    private static ChatResponse read(ChatPort port, ChatRequest request) {
        try (ChatStream stream = port.stream(request)) {
            return stream.response();
        }
    }

    private int sent() {
        return models.requests.size();
    }

    @Test
    void an_equal_request_is_answered_from_memory_and_costs_nothing() {
        ChatResponse first = chat.complete(request("hi"));
        now.addAndGet(Duration.ofSeconds(7).toNanos());

        ChatResponse second = chat.complete(request("hi"));

        assertThat(sent()).isEqualTo(1);
        assertThat(first.metadata(CacheHit.class)).isEmpty();
        assertThat(second.metadata(CacheHit.class)).contains(new CacheHit(Duration.ofSeconds(7)));
        assertThat(second.choices()).isEqualTo(first.choices());
        assertThat(second.model()).isEqualTo(first.model());
        assertThat(second.cost()).isEqualTo(Cost.NONE);
        assertThat(second.totalCost()).isEqualTo(Cost.NONE);
        assertThat(second.attempts()).isEmpty();
        assertThat(second.usage()).isEqualTo(Usage.NOT_REPORTED);
    }

    @Test
    void a_request_that_differs_in_anything_that_is_sent_is_another_one() {
        chat.complete(REQUEST);

        List<ChatRequest> others = List.of(
                FakeModels.chat("one/b"),
                request("Hi"),
                REQUEST.toBuilder().temperature(0.5).build(),
                REQUEST.toBuilder()
                        .tool(Tool.function("f", "d", RawJson.parse("{}")))
                        .build(),
                REQUEST.toBuilder().extra("top_k", 40).build(),
                REQUEST.withCall(REQUEST.call().withHeader("X-Tenant", "acme")),
                REQUEST.withCall(REQUEST.call().withBaseUrl(URI.create("https://example.com"))));
        others.forEach(chat::complete);

        assertThat(models.requests).hasSize(1 + others.size());
    }

    @Test
    void on_whose_account_and_how_patiently_it_is_asked_makes_no_difference() {
        chat.complete(REQUEST);

        chat.complete(REQUEST.withCall(REQUEST.call()
                .withTag("team", "search")
                .withTimeout(Duration.ofSeconds(3))
                .withRetries(RetryPolicy.NONE)));

        assertThat(sent()).isEqualTo(1);
        assertThat(models.requests.get(0)).isEqualTo(REQUEST);
    }

    @Test
    void a_stream_that_was_read_to_its_end_is_kept_and_given_whole_or_as_a_stream() {
        List<ChatEvent> events = new ArrayList<>();
        try (ChatStream stream = chat.stream(REQUEST)) {
            stream.forEach(events::add);
        }

        ChatResponse whole = chat.complete(REQUEST);
        List<ChatEvent> again = new ArrayList<>();
        try (ChatStream stream = chat.stream(REQUEST)) {
            stream.forEach(again::add);
        }

        assertThat(sent()).isEqualTo(1);
        assertThat(whole.text()).isEqualTo("one/a");
        assertThat(again)
                .contains(
                        new ChatEvent.TextDelta(0, "one/a"),
                        new ChatEvent.UsageReported(Usage.NOT_REPORTED, Cost.NONE));
        assertThat(again.get(again.size() - 1)).isEqualTo(new ChatEvent.ResponseFinished(whole));
    }

    @Test
    void a_stream_that_was_left_or_broke_is_not_kept() {
        try (ChatStream left = chat.stream(REQUEST)) {
            left.next();
        }
        models.failingOnReading("one/a", new BrokenStreamException("broke", ErrorDetails.NONE));
        assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(() -> read(chat, REQUEST));
        models.well("one/a");

        assertThat(read(chat, REQUEST).metadata(CacheHit.class)).isEmpty();
        assertThat(sent()).isEqualTo(3);
    }

    @Test
    void a_failure_is_not_kept() {
        models.failing("one/a", new ProviderUnavailableException("down", ErrorDetails.NONE));
        assertThatExceptionOfType(ProviderUnavailableException.class).isThrownBy(() -> chat.complete(REQUEST));
        models.well("one/a");

        chat.complete(REQUEST);
        assertThat(sent()).isEqualTo(2);
    }

    private static ChatPort ending(@Nullable String finishReason) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return answer().finish();
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return ReplayedStream.of(answer());
            }

            private ChatAssembler answer() {
                ChatAssembler answer = new ChatAssembler();
                answer.text(0, "something");
                answer.finishReason(0, finishReason);
                return answer;
            }
        };
    }

    private boolean isKept(ChatPort port) {
        ChatPort cached = cache().build().decorate(port);
        cached.complete(REQUEST);
        return cached.complete(REQUEST).metadata(CacheHit.class).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"content_filter", "error", "something_new", ""})
    void a_reply_that_came_to_no_good_end_is_not_kept(String finishReason) {
        assertThat(isKept(ending(finishReason))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "length", "tool_calls"})
    void a_reply_that_came_to_its_end_is_kept(String finishReason) {
        assertThat(isKept(ending(finishReason))).isTrue();
    }

    @Test
    void a_reply_is_given_until_it_is_too_old_and_using_it_makes_it_no_younger() {
        ChatPort aging = chat(cache().maxAge(Duration.ofSeconds(10)).build());
        aging.complete(REQUEST);
        for (int second = 0; second < 9; second++) {
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            aging.complete(REQUEST);
        }
        now.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
        aging.complete(REQUEST);
        assertThat(sent()).isEqualTo(1);

        now.addAndGet(1);
        assertThat(aging.complete(REQUEST).metadata(CacheHit.class)).isEmpty();
        assertThat(aging.complete(REQUEST).metadata(CacheHit.class)).isPresent();
        assertThat(sent()).isEqualTo(2);
    }

    @Test
    void without_room_the_reply_goes_that_was_not_asked_for_the_longest() {
        ChatPort small = chat(cache().maxEntries(2).build());
        small.complete(request("a"));
        small.complete(request("b"));
        small.complete(request("a"));

        small.complete(request("c"));

        small.complete(request("a"));
        assertThat(sent()).isEqualTo(3);
        small.complete(request("b"));
        assertThat(sent()).isEqualTo(4);
    }

    @Test
    void vectors_are_kept_and_images_are_not() {
        ReplyCache both = cache().build();
        EmbeddingPort embeddings = both.decorate((EmbeddingPort) models);
        ImagePort images = both.decorate((ImagePort) models);
        EmbeddingRequest texts =
                EmbeddingRequest.builder("one/e").text("a calm sea").build();
        EmbeddingResponse first = embeddings.embed(texts);

        EmbeddingResponse second = embeddings.embed(texts);

        assertThat(second.embeddings()).isEqualTo(first.embeddings());
        assertThat(second.totalCost()).isEqualTo(Cost.NONE);
        assertThat(second.metadata(CacheHit.class)).isPresent();
        assertThat(sent()).isEqualTo(1);
        ImageRequest picture =
                ImageRequest.builder("one/i").prompt("a calm sea").build();
        images.generate(picture);
        images.generate(picture);
        assertThat(sent()).isEqualTo(3);
    }

    @Test
    void a_cache_can_be_for_some_requests_only() {
        ChatPort exact = chat(cache().when(request -> request instanceof ChatRequest chat
                        && Double.valueOf(0).equals(chat.sampling().temperature()))
                .build());
        exact.complete(REQUEST);
        exact.complete(REQUEST);
        assertThat(sent()).isEqualTo(2);

        ChatRequest cold = REQUEST.toBuilder().temperature(0.0).build();
        exact.complete(cold);
        exact.complete(cold);
        assertThat(sent()).isEqualTo(3);
    }

    @Test
    void what_comes_from_memory_is_in_no_books_and_asks_no_guard() {
        List<CostEvent> told = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of()))
                .provider("one", models)
                .decorator(cache().build())
                .guard((callId, request) -> {
                    asked.add(callId);
                    return Reservation.NONE;
                })
                .sink(told::add)
                .build()) {
            portolan.chat().complete(REQUEST);
            portolan.chat().complete(REQUEST);
            read(portolan.chat(), REQUEST);
        }

        assertThat(told).extracting(CostEvent::cost).hasSize(1).doesNotContain(Cost.NONE);
        assertThat(asked).hasSize(1);
    }

    @Test
    void what_another_model_said_in_place_of_the_one_asked_is_not_taken_for_its_answer() {
        models.failing("one/a", new ProviderUnavailableException("down", ErrorDetails.NONE));
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of()))
                .provider("one", models)
                .decorator(cache().build())
                .decorator(Fallback.to("one/b"))
                .build()) {
            portolan.chat().complete(REQUEST);
            ChatResponse second = portolan.chat().complete(REQUEST);
            assertThat(second.text()).isEqualTo("one/b");
            assertThat(second.metadata(CacheHit.class)).isPresent();
            assertThat(models.asked()).containsExactly("one/a", "one/b", "one/a");

            models.well("one/a");
            assertThat(portolan.chat().complete(REQUEST).text()).isEqualTo("one/a");
        }
    }

    @Test
    void bounds_that_make_no_sense_are_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplyCache.builder().maxEntries(0))
                .withMessageEndingWith("found 0");
        for (Duration age : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(366))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ReplyCache.builder().maxAge(age))
                    .withMessageEndingWith("found " + age);
        }
    }
}
