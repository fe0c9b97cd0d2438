package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.Reply;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.spi.Provider;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every port does, whatever it is for; extend {@link ChatPortContract}, {@link EmbeddingPortContract} or
 * {@link ImagePortContract}. A test that cannot be made, because the situation it needs is not brought about or the model never
 * answers twice alike, is reported as aborted, with the reason.
 *
 * @param <P> the port
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public abstract class PortContract<P> {
    /** Stands in every prompt, so that it can be looked for where no prompt may be. */
    static final String MARK = "quokka-4711";

    private static final Duration SOON = Duration.ofMillis(100);

    PortContract() {}

    /** The port under test, in ordinary circumstances. The same one as long as a test runs, and usable by many threads. */
    protected abstract P port();

    /** A model that answers through the port. Ordinary in every way, and cheap, if it costs anything. */
    protected abstract ModelId model();

    /**
     * The port in a situation that the contract wants to see it in. By default no situation can be brought about. If its server
     * speaks OpenRouter's or OpenAI's API, {@link SimulatedSituations} brings all about.
     *
     * @return a port that is in the situation from now to the end of the test, which may be {@link #port()} itself; empty to leave
     *     out the tests of this situation
     */
    protected Optional<P> portIn(Situation situation) {
        return Optional.empty();
    }

    /** Texts that no failure may show, such as the key of {@link #port()}. By default none. */
    protected List<String> secrets() {
        return List.of();
    }

    /** The model that answers in a situation. By default {@link #model()}. */
    protected ModelId modelIn(Situation situation) {
        return model();
    }

    /** One call that blocks, about this text. */
    abstract Reply call(P port, ModelId model, String text, Consumer<Extra> more);

    /** The part of a reply that depends on what was asked. */
    abstract Object essence(Reply reply);

    /** A provider of this port only. */
    abstract Provider providerOf(P port);

    /** The port of this kind. */
    abstract P portOf(Portolan portolan);

    abstract CostEvent.Operation operation();

    /** How many questions are asked at once, by as many threads; at most 6. */
    int questions() {
        return 6;
    }

    /** What may be added to any request. */
    interface Extra {
        Extra call(CallOptions options);

        Extra options(ProviderOptions options);
    }

    @Test
    public void a_reply_tells_model_and_usage_and_cost_that_can_be() {
        Reply reply = ask(port(), "Hello");

        assertLawful(reply);
        assertThat(reply.warnings()).as("warnings about an ordinary request").isEmpty();
    }

    @Test
    public void text_in_any_script_and_of_any_kind_is_taken() {
        for (String text : List.of(
                "naïve Ζεύς こんにちは مرحبا नमस्ते 🙂👩‍👩‍👧‍👦 e\u0301",
                "\"quotes\" \\ back\\slash / {\"json\": [1]} <xml a='b'>&amp;</xml> %s ${x} \t tab\r\nline\n\nline",
                "data: [DONE]\n\ndata: {\"error\": 1}",
                "\u0001\u001b[31m\u007f\u2028\u2029\ufeff")) {
            assertLawful(ask(port(), text));
        }
    }

    @Test
    public void a_long_text_is_taken() {
        assertLawful(ask(port(), "All work and no play. ".repeat(1_000)));
    }

    @Test
    public void options_of_another_provider_are_answered_with_a_warning() {
        Reply reply = call(port(), model(), prompt("Hello"), more -> more.options(new OptionsOfSomebodyElse()));

        assertThat(reply.warnings())
                .as("warnings about the options of the provider '%s'", OptionsOfSomebodyElse.NAME)
                .anyMatch(warning -> (warning.subject() + warning.message()).contains(OptionsOfSomebodyElse.NAME));
    }

    @Test
    public void answers_of_calls_at_once_are_not_mixed_up() {
        P port = port();
        int questions = questions();
        List<Object> alone = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            alone.add(essence(ask(port, question(i))));
        }
        assumeThat(
                alone.get(0).equals(essence(ask(port, question(0)))),
                "the model answers a question differently each time");
        assumeThat(new HashSet<>(alone).size() > 1, "the model answers all questions alike");

        List<Background<List<Object>>> threads = new ArrayList<>();
        for (int thread = 0; thread < questions; thread++) {
            int first = thread;
            threads.add(Background.of(() -> {
                List<Object> answers = new ArrayList<>();
                for (int i = 0; i < questions; i++) {
                    answers.add(essence(ask(port, question((first + i) % questions))));
                }
                return answers;
            }));
        }
        for (int thread = 0; thread < questions; thread++) {
            List<Object> expected = new ArrayList<>(alone.subList(thread, questions));
            expected.addAll(alone.subList(0, thread));
            assertThat(threads.get(thread).result()).isEqualTo(expected);
        }
    }

    private static String question(int number) {
        return List.of(
                        "Which port is this?",
                        "How deep is the sea?",
                        "Who is the pilot?",
                        "What is the tide?",
                        "Why?",
                        "1+1")
                .get(number);
    }

    @Test
    public void a_wrong_key_is_an_authentication_exception_that_does_not_show_it() {
        assertRefusedForGood(Situation.WRONG_KEY, AuthenticationException.class);
    }

    @Test
    public void an_account_that_is_empty_is_an_insufficient_credits_exception() {
        assertRefusedForGood(Situation.NO_CREDIT, InsufficientCreditsException.class);
    }

    @Test
    public void a_prompt_that_is_too_long_is_a_context_too_long_exception() {
        assertRefusedForGood(Situation.PROMPT_TOO_LONG, ContextTooLongException.class);
    }

    @Test
    public void a_prompt_that_a_policy_forbids_is_a_content_policy_exception() {
        assertRefusedForGood(Situation.PROMPT_REFUSED, ContentPolicyException.class);
    }

    @Test
    public void a_request_that_is_not_valid_is_an_invalid_request_exception() {
        assertRefusedForGood(Situation.INVALID_REQUEST, InvalidRequestException.class);
    }

    private void assertRefusedForGood(Situation situation, Class<? extends PortolanException> expected) {
        P port = in(situation);

        PortolanException error = failure(() -> ask(port, situation));

        assertThat(error).isInstanceOf(expected);
        assertThat(error.retryable()).isFalse();
        assertRefused(error);
    }

    @Test
    public void a_rate_limit_is_a_rate_limited_exception_that_says_how_long_to_wait() {
        P port = in(Situation.RATE_LIMITED);

        PortolanException error = failure(() -> ask(port, Situation.RATE_LIMITED));

        assertThat(error).isInstanceOf(RateLimitedException.class);
        assertThat(error.retryable()).isTrue();
        assertThat(error.retryAfter()).contains(Situation.WAIT);
        assertRefused(error);
    }

    @Test
    public void an_unknown_model_is_a_not_found_exception() {
        P port = in(Situation.UNKNOWN_MODEL);
        ModelId unknown = new ModelId(model().provider(), Situation.MODEL_THAT_IS_UNKNOWN);

        PortolanException error = failure(() -> call(port, unknown, prompt("Hello"), PortContract::once));

        assertThat(error).isInstanceOf(NotFoundException.class);
        assertRefused(error);
    }

    @Test
    public void a_server_that_fails_is_a_provider_unavailable_exception() {
        P port = in(Situation.SERVER_FAILS);

        PortolanException error = failure(() -> ask(port, Situation.SERVER_FAILS));

        assertThat(error).isInstanceOf(ProviderUnavailableException.class);
        assertThat(error.retryable()).isTrue();
    }

    @Test
    public void a_server_that_is_away_is_a_connection_exception() {
        P port = in(Situation.SERVER_AWAY);

        PortolanException error = failure(() -> ask(port, Situation.SERVER_AWAY));

        assertThat(error).isInstanceOf(ConnectionException.class);
        assertThat(error.retryable()).isTrue();
        assertRefused(error);
    }

    @Test
    public void interrupting_a_thread_that_waits_for_an_answer_cancels_the_call() {
        P port = in(Situation.SILENT_ANSWER);
        Background<Reply> call = Background.of(() -> ask(port, Situation.SILENT_ANSWER));
        call.assertWaits(Situation.SILENT_ANSWER);

        call.interrupt();

        assertThat(failure(call.failure())).isInstanceOf(CallCancelledException.class);
    }

    @Test
    public void the_time_limit_of_a_call_ends_the_wait_for_an_answer() {
        P port = in(Situation.SILENT_ANSWER);

        Background<Reply> call = Background.of(() -> call(
                port, modelIn(Situation.SILENT_ANSWER), prompt("Hello"), more -> more.call(once().withTimeout(SOON))));

        assertThat(failure(call.failure())).isInstanceOf(CallTimeoutException.class);
    }

    @Test
    public void what_nobody_told_is_unknown_and_not_zero() {
        P port = in(Situation.NO_USAGE);

        Reply reply = ask(port, Situation.NO_USAGE);

        assertThat(reply.usage().isReported()).as("whether usage was reported").isFalse();
        assertThat(reply.cost().isKnown()).as("whether the cost is known").isFalse();
    }

    @Test
    public void a_call_is_told_to_the_books_once_with_its_tags_usage_and_cost() {
        Books books = new Books(port());

        Reply reply =
                call(books.port(), model(), prompt("Hello"), more -> more.call(once().withTag("team", "contract")));

        CostEvent event = books.only();
        assertThat(event.operation()).isEqualTo(operation());
        assertThat(event.model()).isEqualTo(model());
        assertThat(event.tags()).isEqualTo(Map.of("team", "contract"));
        assertThat(event.outcome().status()).isEqualTo(Outcome.Status.COMPLETED);
        assertThat(event.usage()).isEqualTo(reply.usage());
        assertThat(event.cost()).isEqualTo(reply.totalCost());
        assertThat(event.answeredBy().model()).isEqualTo(reply.model());
    }

    @Test
    public void a_call_that_was_refused_is_told_to_the_books_once_as_failed_and_free() {
        Books books = new Books(in(Situation.RATE_LIMITED));

        PortolanException error = failure(() -> ask(books.port(), Situation.RATE_LIMITED));

        CostEvent event = books.only();
        assertThat(event.outcome().status()).isEqualTo(Outcome.Status.FAILED);
        assertThat(event.outcome().error()).isEqualTo(error.getClass().getSimpleName());
        assertThat(event.cost()).isEqualTo(Cost.NONE);
    }

    @Test
    public void a_call_that_was_cancelled_is_told_to_the_books_once_and_its_cost_is_unknown() {
        Books books = new Books(in(Situation.SILENT_ANSWER));
        Background<Reply> call = Background.of(() -> ask(books.port(), Situation.SILENT_ANSWER));
        call.assertWaits(Situation.SILENT_ANSWER);

        call.interrupt();

        assertThat(call.failure()).isInstanceOf(CallCancelledException.class);
        CostEvent event = books.only();
        assertThat(event.outcome().status()).isEqualTo(Outcome.Status.CANCELLED);
        assertThat(event.cost().isKnown()).as("whether the cost is known").isFalse();
    }

    /** The port in a situation; aborts the test if there is none. */
    final P in(Situation situation) {
        Optional<P> port = portIn(situation);
        assumeThat(
                port.isPresent(), "portIn(" + situation + ") is empty: this test does not bring that situation about");
        return port.orElseThrow();
    }

    static void assumeThat(boolean holds, String reasonIfNot) {
        Assumptions.assumeTrue(holds, "Not tested: " + reasonIfNot);
    }

    private Reply ask(P port, String text) {
        return call(port, model(), prompt(text), PortContract::once);
    }

    private Reply ask(P port, Situation situation) {
        return call(port, modelIn(situation), prompt("Hello"), PortContract::once);
    }

    static String prompt(String text) {
        return text + " (" + MARK + ")";
    }

    static void once(Extra more) {
        more.call(once());
    }

    static CallOptions once() {
        return CallOptions.DEFAULT.withRetries(RetryPolicy.NONE);
    }

    /** The failure of a call, which is one that a port may have. */
    final PortolanException failure(Callable<?> call) {
        try {
            Object result = call.call();
            throw new AssertionError("It should have failed, but came to " + result);
        } catch (Exception e) {
            return failure(e);
        }
    }

    /** The same for a failure that was caught. */
    final PortolanException failure(@Nullable Throwable thrown) {
        assertThat(thrown).as("the failure of the call").isInstanceOf(PortolanException.class);
        PortolanException error = (PortolanException) Objects.requireNonNull(thrown);
        assertThat(error.getMessage()).as("its message").isNotBlank();
        assertThat(error + error.details().toString())
                .as("a message without the prompt")
                .doesNotContain(MARK);
        assertThat(trace(error)).as("a stack trace without a key").doesNotContain(Situation.KEY_THAT_IS_WRONG);
        for (String secret : secrets()) {
            assertThat(trace(error).contains(secret)
                            || error.details().toString().contains(secret))
                    .as("whether a secret is shown by a %s", error.getClass().getSimpleName())
                    .isFalse();
        }
        return error;
    }

    private static String trace(Throwable error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    /** Nothing was generated, so nothing is owed. */
    private static void assertRefused(PortolanException error) {
        assertThat(error.mayBeCharged()).as("whether it may be charged").isFalse();
        assertThat(error.cost()).isEqualTo(Cost.NONE);
        assertThat(error.partial(Reply.class)).as("what had arrived").isEmpty();
    }

    /** What can be said of any complete reply. */
    static void assertLawful(Reply reply) {
        assertThat(reply.model()).as("the model that answered").isNotNull();
        Usage usage = reply.usage();
        assertThat(List.of(
                        usage.promptTokens(),
                        usage.completionTokens(),
                        usage.totalTokens(),
                        usage.prompt().cachedTokens(),
                        usage.completion().reasoningTokens()))
                .as("counts of tokens")
                .allMatch(count -> count >= 0);
        assertThat(usage.totalTokens())
                .as("all tokens, of which %s went in", usage.promptTokens())
                .isGreaterThanOrEqualTo(usage.promptTokens());
        if (reply.cost().amount() != null) {
            assertThat(reply.cost().amount()).as("the cost").isNotNegative();
        }
    }

    /** The port behind a {@code Portolan} whose sink is listened to. */
    final class Books {
        private final List<CostEvent> events = new CopyOnWriteArrayList<>();
        private final P port;

        Books(P under) {
            Portolan portolan = Portolan.builder()
                    .settings(Settings.of(Map.of()))
                    .provider(model().provider(), providerOf(under))
                    .sink(events::add)
                    .build();
            port = portOf(portolan);
        }

        P port() {
            return port;
        }

        CostEvent only() {
            assertThat(events).as("what the books were told").hasSize(1);
            return events.get(0);
        }
    }

    private record OptionsOfSomebodyElse() implements ProviderOptions {
        static final String NAME = "somebody-else";

        @Override
        public String provider() {
            return NAME;
        }
    }
}
