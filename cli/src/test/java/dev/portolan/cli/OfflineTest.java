package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole way: command, library, HTTP on loopback, simulator. */
class OfflineTest {
    @Test
    void without_a_key_the_simulator_answers_and_standard_error_says_so() {
        Run run = Run.withProviders().run("chat", "Why is the sky blue?");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.out()).isNotBlank().endsWith("\n");
        assertThat(run.err()).contains("simulator", "export OPENROUTER_API_KEY=");
        assertThat(run.err().lines().toList().get(2))
                .matches("google/gemini-2\\.5-flash · \\d+ in, \\d+ out.* · \\$0\\.\\d+");
    }

    @Test
    void offline_says_nothing_of_keys_and_does_not_use_the_one_there_is() {
        Run run = Run.withProviders()
                .setting("OPENROUTER_API_KEY", "sk-or-real")
                .setting("OPENROUTER_API_BASE", "http://127.0.0.1:1")
                .run("chat", "--offline", "Hello");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("OPENROUTER_API_KEY").hasLineCount(1);
    }

    @Test
    void a_base_url_without_a_key_is_an_error_that_names_the_variable() {
        Run run = Run.withProviders().run("chat", "--base-url", "http://127.0.0.1:1/api/v1", "Hello");

        assertThat(run.exitCode).isEqualTo(3);
        assertThat(run.err())
                .startsWith("portolan: ")
                .contains("OPENROUTER_API_KEY")
                .hasLineCount(1);
    }

    @Test
    void streamed_and_whole_answers_give_the_same_json() {
        Map<String, Object> streamed =
                Run.withProviders().run("chat", "--offline", "--json", "Hello").json();
        Map<String, Object> whole = Run.withProviders()
                .run("chat", "--offline", "--json", "--no-stream", "Hello")
                .json();

        assertThat(streamed.keySet()).isEqualTo(whole.keySet());
        for (String member : new String[] {"model", "provider", "text", "usage", "cost", "finishReason", "toolCalls"}) {
            assertThat(streamed.get(member)).as(member).isEqualTo(whole.get(member));
        }
    }

    @Test
    void an_unreachable_server_is_told_in_one_line() {
        Run run = Run.withProviders()
                .setting("OPENROUTER_API_KEY", "sk-or-real")
                .run("chat", "--base-url", "http://127.0.0.1:1/api/v1", "Hello");

        assertThat(run.exitCode).isEqualTo(9);
        assertThat(run.err())
                .startsWith("portolan: ")
                .doesNotContain("sk-or-real")
                .hasLineCount(1);
    }

    @Test
    void a_tool_in_a_request_is_called_on_standard_output() {
        Run run = Run.withProviders()
                .typing("{\"model\":\"google/gemini-2.5-flash\",\"messages\":[{\"role\":\"user\",\"content\":"
                        + "\"What is the weather in Zürich?\"}],\"tools\":[{\"type\":\"function\",\"function\":"
                        + "{\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\",\"properties\":"
                        + "{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}],\"tool_choice\":\"required\"}")
                .run("chat", "--offline", "--request", "-");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.out()).startsWith("tool call get_weather {");
    }

    @Test
    void a_server_that_a_setting_names_is_asked_whether_there_is_a_key_of_openrouter_or_not() {
        try (OpenRouterSimulator server = OpenRouterSimulator.start()) {
            Run chat = atServer(server).run("chat", "-m", "my-gpu/openai/gpt-4o-mini", "Hello");

            assertThat(chat.exitCode).as(chat.err()).isZero();
            assertThat(chat.out()).isNotBlank();
            assertThat(chat.err()).doesNotContain("simulator");
            assertThat(server.requests()).hasSize(1);
            Run elsewhere = Run.withProviders()
                    .setting("PORTOLAN_MY_GPU_BASE_URL", "http://127.0.0.1:1/v1")
                    .setting("PORTOLAN_MY_GPU_API_KEY", server.apiKey())
                    .run("chat", "-m", "my-gpu/openai/gpt-4o-mini", "--base-url", server.baseUrl(), "Hello");
            assertThat(elsewhere.exitCode).as(elsewhere.err()).isZero();
        }
    }

    @Test
    void models_of_such_a_server_are_listed_without_those_of_the_simulator_and_offline_it_is_not_asked() {
        try (OpenRouterSimulator server = OpenRouterSimulator.start()) {
            Run listed = atServer(server).run("models", "gpt-4o-mini");

            assertThat(listed.exitCode).as(listed.err()).isZero();
            assertThat(listed.out()).contains("my-gpu/openai/gpt-4o-mini").doesNotContain("openrouter/");
            assertThat(listed.err()).doesNotContain("simulator");
            Run offline = atServer(server).run("models", "--offline", "gpt-4o-mini");
            assertThat(offline.out()).contains("openrouter/openai/gpt-4o-mini").doesNotContain("my-gpu/");
            Run chat = atServer(server).run("chat", "--offline", "-m", "my-gpu/openai/gpt-4o-mini", "Hello");
            assertThat(chat.exitCode).isEqualTo(2);
            assertThat(chat.err()).contains("--offline simulates the provider 'openrouter' only");
        }
    }

    @Test
    void a_server_that_no_setting_names_is_told_with_the_setting_that_would() {
        Run run = Run.withProviders().run("chat", "-m", "ollama/llama3.2", "Hello");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).contains("PORTOLAN_OLLAMA_BASE_URL").hasLineCount(1);
    }

    private static Run atServer(OpenRouterSimulator server) {
        return Run.withProviders()
                .setting("PORTOLAN_MY_GPU_BASE_URL", server.baseUrl())
                .setting("PORTOLAN_MY_GPU_API_KEY", server.apiKey());
    }
}
