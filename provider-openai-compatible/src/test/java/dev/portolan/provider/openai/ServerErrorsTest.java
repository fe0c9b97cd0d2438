package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors as the servers write them, and the decision that each is. */
class ServerErrorsTest {
    @RegisterExtension
    private final Server server = new Server();

    static Stream<Arguments> errors() {
        return Stream.of(
                row(
                        "openai, key",
                        401,
                        openAi("Incorrect API key provided", "invalid_request_error", "invalid_api_key"),
                        AuthenticationException.class),
                row(
                        "openai, money",
                        429,
                        openAi("You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
                        InsufficientCreditsException.class),
                row(
                        "openai, rate",
                        429,
                        openAi("Rate limit reached", "requests", "rate_limit_exceeded"),
                        RateLimitedException.class),
                row(
                        "openai, model",
                        404,
                        openAi("The model does not exist", "invalid_request_error", "model_not_found"),
                        NotFoundException.class),
                row(
                        "openai, context",
                        400,
                        openAi("too long", "invalid_request_error", "context_length_exceeded"),
                        ContextTooLongException.class),
                row(
                        "openai, parameter",
                        400,
                        openAi("Unsupported parameter: 'max_tokens'", "invalid_request_error", "unsupported_parameter"),
                        InvalidRequestException.class),
                row(
                        "openai, images",
                        400,
                        openAi("rejected by the safety system", "image_generation_user_error", "moderation_blocked"),
                        ContentPolicyException.class),
                row(
                        "openai, older images",
                        400,
                        openAi("rejected", "invalid_request_error", "content_policy_violation"),
                        ContentPolicyException.class),
                row(
                        "azure, filter",
                        400,
                        "{\"error\":{\"message\":\"filtered\",\"type\":null,\"param\":\"prompt\","
                                + "\"code\":\"content_filter\",\"status\":400}}",
                        ContentPolicyException.class),
                row(
                        "openai, region",
                        403,
                        openAi("not supported", "request_forbidden", "unsupported_country_region_territory"),
                        PermissionDeniedException.class),
                row(
                        "openai, overloaded",
                        503,
                        openAi("overloaded", "server_error", null),
                        ProviderUnavailableException.class),
                row(
                        "ollama, model",
                        404,
                        "{\"error\":{\"message\":\"model \\\"x\\\" not found, try pulling it first\","
                                + "\"type\":\"api_error\",\"param\":null,\"code\":null}}",
                        NotFoundException.class),
                row(
                        "ollama, words only",
                        500,
                        "{\"error\":\"llama runner process has terminated\"}",
                        ProviderUnavailableException.class),
                row(
                        "ollama, capability",
                        400,
                        "{\"error\":\"x does not support tools\"}",
                        InvalidRequestException.class),
                row(
                        "vllm, context",
                        400,
                        "{\"object\":\"error\",\"message\":\"This model's maximum context length is 512"
                                + " tokens. However, you requested 806 tokens\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
                        ContextTooLongException.class),
                row(
                        "vllm, model",
                        404,
                        "{\"object\":\"error\",\"message\":\"The model `x` does not exist.\","
                                + "\"type\":\"NotFoundError\",\"param\":null,\"code\":404}",
                        NotFoundException.class),
                row(
                        "vllm, newer",
                        400,
                        "{\"error\":{\"message\":\"bad\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}}",
                        InvalidRequestException.class),
                row("vllm, key", 401, "{\"error\":\"Unauthorized\"}", AuthenticationException.class),
                row(
                        "llama.cpp, context",
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"request (13392 tokens) exceeds the"
                                + " available context size (8192 tokens), try increasing it\",\"type\":\"exceed_context_size_error\","
                                + "\"n_prompt_tokens\":13392,\"n_ctx\":8192}}",
                        ContextTooLongException.class),
                row(
                        "llama.cpp, loading",
                        503,
                        "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
                        ProviderUnavailableException.class),
                row(
                        "llama.cpp, embeddings",
                        501,
                        "{\"error\":{\"code\":501,\"message\":\"This server does not support"
                                + " embeddings\",\"type\":\"not_supported_error\"}}",
                        InvalidRequestException.class),
                row(
                        "llama.cpp, key",
                        401,
                        "{\"error\":{\"code\":401,\"message\":\"Invalid API Key\",\"type\":\"authentication_error\"}}",
                        AuthenticationException.class),
                row(
                        "litellm, context",
                        400,
                        "{\"error\":{\"message\":\"litellm.ContextWindowExceededError: litellm."
                                + "BadRequestError: input is too long\",\"type\":null,\"param\":null,\"code\":\"400\"}}",
                        ContextTooLongException.class),
                row(
                        "litellm, budget",
                        429,
                        "{\"error\":{\"message\":\"Budget has been exceeded! Current cost: 1.0, Max"
                                + " budget: 0.05\",\"type\":\"budget_exceeded\",\"param\":null,\"code\":\"429\"}}",
                        InsufficientCreditsException.class),
                row(
                        "litellm, key",
                        401,
                        "{\"error\":{\"message\":\"Authentication Error, No api key passed in.\","
                                + "\"type\":\"auth_error\",\"param\":\"None\",\"code\":\"401\"}}",
                        AuthenticationException.class),
                row("fastapi", 404, "{\"detail\":\"Not Found\"}", NotFoundException.class),
                row(
                        "a proxy's page",
                        502,
                        "<html><head><title>502 Bad Gateway</title></head></html>",
                        ProviderUnavailableException.class),
                row("nothing", 429, "", RateLimitedException.class));
    }

    private static String openAi(String message, String type, String code) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                + (code == null ? "null" : "\"" + code + "\"") + "}}";
    }

    private static Arguments row(String name, int status, String body, Class<? extends PortolanException> expected) {
        return Arguments.of(name, status, body, expected);
    }

    private PortolanException failure(int status, String body) {
        server.json(status, body);
        return catchThrowableOfType(
                PortolanException.class,
                () -> server.chat().complete(Server.request().build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void each_is_the_decision_that_a_caller_makes(
            String name, int status, String body, Class<? extends PortolanException> expected) {
        PortolanException failure = failure(status, body);

        assertThat(failure).isExactlyInstanceOf(expected).hasMessageStartingWith("local answered " + status);
        assertThat(failure.details().httpStatus()).isEqualTo(status);
        assertThat(failure.retryable())
                .isEqualTo(expected == RateLimitedException.class || expected == ProviderUnavailableException.class);
    }

    @Test
    void a_list_of_what_does_not_fit_is_told_without_what_was_sent() {
        PortolanException failure = failure(
                422,
                "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"messages\",0,\"role\"],\"msg\":\"Field required\","
                        + "\"input\":{\"content\":\"a secret prompt\"}},{\"loc\":[\"body\",\"n\"],\"msg\":\"too large\"}]}");

        assertThat(failure)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("body.messages.0.role: Field required; body.n: too large")
                .hasMessageNotContaining("secret prompt");
    }

    @Test
    void a_model_that_is_loading_is_asked_again() {
        server.json(
                        503,
                        "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
                        "Retry-After",
                        "0")
                .json(
                        200,
                        "{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}");

        assertThat(server.provider(
                                OpenAiCompatible.named("local").baseUrl(server.baseUrl()), "PORTOLAN_MAX_ATTEMPTS", "2")
                        .chat()
                        .orElseThrow()
                        .complete(Server.request().build())
                        .attempts())
                .hasSize(2);
    }
}
