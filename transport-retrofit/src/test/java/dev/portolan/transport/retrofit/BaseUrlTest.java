package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.CallOptions;
import dev.portolan.api.error.ConfigurationException;
import java.net.URI;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
    private static HttpConfig config(String url) {
        return HttpConfig.of("OpenRouter", URI.create(url), Map.of());
    }

    private static HttpUrl addressOfChat(HttpConfig config) {
        try (HttpTransport transport = new HttpTransport(config)) {
            return transport
                    .api(Loopback.Api.class)
                    .chat(Map.of(), new JsonBody(Map.of()))
                    .request()
                    .url();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://openrouter.ai/api/v1, https://openrouter.ai/api/v1/chat/completions",
        "https://openrouter.ai/api/v1/, https://openrouter.ai/api/v1/chat/completions",
        "https://openrouter.ai, https://openrouter.ai/chat/completions",
        "https://openrouter.ai/, https://openrouter.ai/chat/completions",
        "HTTPS://OpenRouter.ai/API, https://openrouter.ai/API/chat/completions",
        "https://host:8443/a%20b/c, https://host:8443/a%20b/c/chat/completions",
        "https://my_host/v1, https://my_host/v1/chat/completions",
    })
    void paths_are_appended_to_the_address_with_or_without_a_slash_at_its_end(String base, String expected) {
        assertThat(addressOfChat(config(base))).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/v1",
                "http://localhost:4010/v1",
                "http://LOCALHOST/v1",
                "http://api.localhost/v1",
                "http://127.0.0.1/v1",
                "http://127.8.9.10:80/v1",
                "http://[::1]:4010/v1",
                "http://[0:0:0:0:0:0:0:1]/v1"
            })
    void plain_http_to_this_host_is_fine(String url) {
        assertThat(addressOfChat(config(url)).encodedPath()).isEqualTo("/v1/chat/completions");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://openrouter.ai/api/v1",
                "http://localhost.example.com/v1",
                "http://127.0.0.1.example.com/v1",
                "http://notlocalhost/v1",
                "http://10.0.0.1/v1",
                "http://[::2]/v1"
            })
    void plain_http_to_another_host_must_be_allowed(String url) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new HttpTransport(config(url)))
                .withMessage("The base URL of OpenRouter is '" + url + "': plain http would show the API key to the"
                        + " network. Use https, or allow plain http explicitly, with PORTOLAN_ALLOW_PLAIN_HTTP=true");
        assertThat(addressOfChat(config(url).withPlainHttp(true)).isHttps()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://openrouter.ai/api/v1",
                "ws://openrouter.ai/api/v1",
                "file:///etc/hosts",
                "openrouter.ai/api/v1",
                "openrouter.ai:443/api",
                "//openrouter.ai/api/v1",
                "/api/v1",
                "",
                "https:openrouter.ai",
                "https:/openrouter.ai/api",
                "https:///api/v1",
                "https://:8080/api",
                "https://host:99999/api",
                "mailto:me"
            })
    void what_is_not_an_http_address_with_a_host_is_refused(String url) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new HttpTransport(config(url).withPlainHttp(true)))
                .withMessage("The base URL of OpenRouter is '" + url
                        + "'; expected an http or https address, for example 'https://openrouter.ai/api/v1'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host/v1?key=secret",
                "https://host/v1?",
                "https://host/v1#secret",
                "https://host?key=secret",
                "https://host/v1?redirect=https://user:secret@other"
            })
    void a_query_or_fragment_is_refused_and_not_shown(String url) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new HttpTransport(config(url)))
                .withMessageStartingWith("The base URL of OpenRouter must not have a query or fragment: 'https://host")
                .withMessageEndingWith("?…'")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:secret@host/v1",
                "http://user:secret@my_host/v1",
                "ftp://user:secret@host/v1",
                "user:secret@host/v1",
                "http://user:secret@host?x",
                "http://user:se%2Fcret@host/v1/a@b"
            })
    void user_and_password_are_not_shown(String url) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new HttpTransport(config(url)))
                .withMessageContaining("…@")
                .withMessageNotContainingAny("user:", "secret", "cret");
        assertThat(config(url).toString()).doesNotContain("user:", "cret");
    }

    @Test
    void the_address_of_one_call_is_checked_in_the_same_way() {
        try (HttpTransport transport = new HttpTransport(config("https://openrouter.ai/api/v1"))) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> transport.api(Loopback.Api.class, URI.create("http://other.example/v1")))
                    .withMessageContaining("http://other.example/v1");
        }
    }

    @Test
    void one_call_can_go_to_another_address() throws Exception {
        try (Loopback one = new Loopback();
                Loopback other = new Loopback()) {
            other.server.enqueue(Loopback.response(200).body("{}").build());
            Loopback.Api api = one.transport.api(
                    Loopback.Api.class, other.server.url("/elsewhere").uri());
            one.send(
                            api.chat(one.transport.headers(Map.of(), CallOptions.DEFAULT), new JsonBody(Map.of())),
                            CallOptions.DEFAULT)
                    .close();

            assertThat(other.server.takeRequest().getTarget()).isEqualTo("/elsewhere/chat/completions");
            assertThat(one.server.getRequestCount()).isZero();
        }
    }
}
