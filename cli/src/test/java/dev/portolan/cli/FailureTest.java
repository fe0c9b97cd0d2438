package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PayloadTooLargeException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.error.UnusableReplyException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
    private static final String MESSAGE = "It went wrong.";

    private final FakeModels models = new FakeModels();

    static Stream<Arguments> decisions() {
        return Stream.of(
                decision(3, "authentication", details -> new AuthenticationException(MESSAGE, details)),
                decision(3, "configuration", details -> new ConfigurationException(MESSAGE, details)),
                decision(4, "insufficient_credits", details -> new InsufficientCreditsException(MESSAGE, details)),
                decision(5, "permission_denied", details -> new PermissionDeniedException(MESSAGE, details)),
                decision(5, "content_policy", details -> new ContentPolicyException(MESSAGE, details)),
                decision(6, "not_found", details -> new NotFoundException(MESSAGE, details)),
                decision(7, "invalid_request", details -> new InvalidRequestException(MESSAGE, details)),
                decision(7, "context_too_long", details -> new ContextTooLongException(MESSAGE, details)),
                decision(7, "payload_too_large", details -> new PayloadTooLargeException(MESSAGE, details)),
                decision(8, "rate_limited", details -> new RateLimitedException(MESSAGE, details)),
                decision(9, "provider_unavailable", details -> new ProviderUnavailableException(MESSAGE, details)),
                decision(9, "connection", details -> new ConnectionException(MESSAGE, details)),
                decision(
                        9,
                        "call_timeout",
                        details -> new CallTimeoutException(MESSAGE, CallTimeoutException.Clock.IDLE, details, null)),
                decision(10, "broken_stream", details -> new BrokenStreamException(MESSAGE, details)),
                decision(10, "malformed_response", details -> new MalformedResponseException(MESSAGE, details)),
                decision(
                        10,
                        "unusable_reply",
                        details -> new UnusableReplyException(MESSAGE, UnusableReplyException.Reason.MISFIT, details)),
                decision(11, "budget_exceeded", details -> new BudgetExceededException(MESSAGE, details)),
                decision(130, "call_cancelled", details -> new CallCancelledException(MESSAGE, details)));
    }

    private static Arguments decision(int code, String type, Function<ErrorDetails, PortolanException> error) {
        return Arguments.of(code, type, error);
    }

    @ParameterizedTest(name = "{1} is {0}")
    @MethodSource("decisions")
    void each_decision_has_its_exit_code_and_its_word(
            int code, String type, Function<ErrorDetails, PortolanException> error) {
        models.refusing(error);

        Run run = Run.with(models).run("chat", "Hello");
        assertThat(run.exitCode).isEqualTo(code);
        assertThat(run.err()).isEqualTo("portolan: It went wrong.\n");
        assertThat(run.out()).isEmpty();

        Run json = Run.with(models).run("chat", "--json", "Hello");
        assertThat(json.exitCode).isEqualTo(code);
        assertThat(json.out()).isEmpty();
        assertThat(json.err()).hasLineCount(1);
        assertThat(json.errorJson())
                .containsEntry("type", type)
                .containsEntry("message", MESSAGE)
                .containsEntry("exitCode", (double) code);
    }

    @Test
    void no_error_of_the_library_is_without_a_decision() {
        List<Class<?>> tested = new ArrayList<>();
        decisions()
                .forEach(decision ->
                        tested.add(error(decision).apply(ErrorDetails.NONE).getClass()));

        assertThat(tested).containsExactlyInAnyOrder(PortolanException.class.getPermittedSubclasses());
    }

    @SuppressWarnings("unchecked")
    private static Function<ErrorDetails, PortolanException> error(Arguments decision) {
        return (Function<ErrorDetails, PortolanException>) decision.get()[2];
    }

    @Test
    void json_tells_all_that_is_known() {
        ErrorDetails details = new ErrorDetails(
                ModelId.parse("openrouter/acme/one"),
                429,
                "429",
                "rate_limit_exceeded",
                "Acme",
                "busy",
                "gen-1",
                "req-1",
                true,
                Duration.ofMillis(40_500),
                List.of("acme/two"),
                RawJson.parse("{\"prompt\":\"secret\"}"),
                null,
                List.of());
        models.refusing(ignored -> new RateLimitedException(MESSAGE, details));

        Run run = Run.with(models).run("chat", "--json", "Hello");

        assertThat(run.err())
                .isEqualTo("{\"error\":{\"type\":\"rate_limited\",\"message\":\"It went wrong.\",\"exitCode\":8,"
                        + "\"model\":\"openrouter/acme/one\",\"status\":429,\"code\":\"429\","
                        + "\"errorType\":\"rate_limit_exceeded\",\"provider\":\"Acme\",\"providerCode\":\"busy\","
                        + "\"generationId\":\"gen-1\",\"requestId\":\"req-1\",\"retryable\":true,\"retryAfter\":40.5,\"attempts\":1,"
                        + "\"fallbackModels\":[\"acme/two\"],\"partialText\":null}}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-stream", "--"})
    void what_came_of_a_broken_answer_is_printed_and_said_to_be_incomplete(String option) {
        models.answering(answer -> answer.text(0, "The sky is"))
                .breakingOff(details -> new BrokenStreamException(MESSAGE, details));

        Run run = Run.with(models).run("chat", option, "Hello");

        assertThat(run.exitCode).isEqualTo(10);
        assertThat(run.out()).isEqualTo("The sky is\n");
        assertThat(run.err()).isEqualTo("portolan: It went wrong. (the answer above is incomplete)\n");
    }

    @Test
    void json_of_a_broken_answer_has_what_came() {
        models.answering(answer -> answer.text(0, "The sky is"))
                .breakingOff(details -> new BrokenStreamException(MESSAGE, details));

        Run run = Run.with(models).run("chat", "--json", "Hello");

        assertThat(run.out()).isEmpty();
        assertThat(run.errorJson())
                .containsEntry("type", "broken_stream")
                .containsEntry("retryable", false)
                .containsEntry("partialText", "The sky is");
    }

    @Test
    void causes_are_told_only_when_asked_for_and_without_keys() {
        IOException cause = new IOException("connect failed with sk-or-v1-0123456789");
        models.refusing(details -> new ConnectionException(MESSAGE, details, cause));

        assertThat(Run.with(models).run("chat", "Hello").err()).hasLineCount(1);
        assertThat(Run.with(models).run("chat", "-v", "Hello").err())
                .contains("caused by java.io.IOException: connect failed with sk-…", "    at dev.portolan.")
                .doesNotContain("0123456789");
        assertThat(Run.with(models).run("chat", "--json", "--verbose", "Hello").errorJson())
                .hasEntrySatisfying(
                        "causes",
                        causes -> assertThat(causes.toString())
                                .contains("java.io.IOException: connect failed with sk-…")
                                .doesNotContain("    at "));
    }

    @Test
    void a_fault_of_the_program_is_told_in_one_line() {
        models.answering(answer -> {
            throw new IllegalStateException("first\nsecond");
        });

        Run run = Run.with(models).run("chat", "Hello");

        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("portolan: Unexpected IllegalStateException: first second (--verbose shows where)\n");
    }

    @Test
    void a_wrong_option_under_json_is_a_json_error_too() {
        Run run = Run.with(models).run("chat", "--json", "--temperature", "hot", "Hello");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.errorJson()).containsEntry("type", "bad_input").containsEntry("retryable", false);
    }
}
