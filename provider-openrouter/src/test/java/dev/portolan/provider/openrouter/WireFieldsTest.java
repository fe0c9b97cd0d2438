package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.Caller;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.Sampling;
import dev.portolan.api.chat.ToolUse;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each field of a request and the member that it puts on the wire, and nothing else
 * (OpenRouter reference: chat-completions §1).
 */
class WireFieldsTest {
    private static final List<Class<? extends Record>> SETTINGS = List.of(
            Sampling.class,
            ToolUse.class,
            Output.class,
            Output.AudioFormat.class,
            Reasoning.class,
            Caller.class,
            OpenRouterOptions.class,
            ProviderPreferences.class,
            ProviderPreferences.Sort.class,
            ProviderPreferences.Threshold.class,
            ProviderPreferences.MaxPrice.class,
            Plugin.class,
            PromptCacheOptions.class,
            ResponseCache.class,
            StopCondition.class,
            XSearchFilter.class);

    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @MethodSource("dev.portolan.provider.openrouter.WireFields#all")
    void a_field_puts_just_its_member_on_the_wire(WireFields.Row row) {
        assertThat(server.sentBody(row.request())).isEqualTo(WireFields.expected(row));
    }

    @ParameterizedTest
    @MethodSource("dev.portolan.provider.openrouter.WireFields#all")
    void the_same_request_gives_the_same_bytes(WireFields.Row row) {
        String body = server.sent(row.request()).body();

        assertThat(server.sent(row.request()).body()).isEqualTo(body);
        assertThat(server.sent(row.request().toBuilder().build()).body()).isEqualTo(body);
    }

    @Test
    void the_order_of_members_does_not_depend_on_the_order_of_calls() {
        ChatRequest one =
                Loopback.request().temperature(0.5).seed(1L).endUser("u").build();
        ChatRequest other =
                Loopback.request().endUser("u").seed(1L).temperature(0.5).build();

        assertThat(server.sent(other).body()).isEqualTo(server.sent(one).body());
    }

    @Test
    void every_field_has_a_row() {
        Set<String> set = new TreeSet<>();
        WireFields.all().forEach(row -> collect(row.request(), set));
        Set<String> all = new TreeSet<>();
        for (Class<? extends Record> type : SETTINGS) {
            for (RecordComponent component : type.getRecordComponents()) {
                all.add(type.getSimpleName() + "." + component.getName());
            }
        }

        all.removeAll(Set.of("OpenRouterOptions.imageRoute", "OpenRouterOptions.providerOptions")); // not of chat

        assertThat(set).containsAll(all);
    }

    /** The fields that are set somewhere in a record. */
    private static void collect(Object value, Set<String> set) {
        if (value instanceof Collection<?> items) {
            items.forEach(item -> collect(item, set));
        } else if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                Object field = get(record, component);
                if (isSet(field)) {
                    set.add(record.getClass().getSimpleName() + "." + component.getName());
                    collect(field, set);
                }
            }
        }
    }

    private static boolean isSet(Object field) {
        return field != null
                && !(field instanceof Collection<?> items && items.isEmpty())
                && !(field instanceof Map<?, ?> map && map.isEmpty());
    }

    private static Object get(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_is_not_set_is_not_sent() {
        assertThat(server.sentBody(Loopback.request().build())).containsOnlyKeys("model", "messages", "usage");
        assertThat(server.sentBody(Loopback.request()
                        .options(OpenRouterOptions.builder().build())
                        .build()))
                .containsOnlyKeys("model", "messages", "usage");
    }

    @Test
    void a_stream_asks_for_one_and_for_its_usage() {
        Map<String, Object> body =
                Json.object(server.sentStreaming(Loopback.request().build()).body());

        assertThat(body).containsOnlyKeys("model", "messages", "usage", "stream", "stream_options");
        assertThat(body)
                .containsEntry("stream", true)
                .containsEntry("stream_options", Map.of("include_usage", true))
                .containsEntry("usage", Map.of("include", true));
    }

    @Test
    void an_extra_replaces_what_the_library_adds_by_itself() {
        ChatRequest request = Loopback.request()
                .extra("usage", Map.of("include", false))
                .extra("stream_options", Map.of("include_usage", false))
                .build();

        assertThat(Json.object(server.sentStreaming(request).body()))
                .containsEntry("usage", Map.of("include", false))
                .containsEntry("stream_options", Map.of("include_usage", false));
    }

    @Test
    void numbers_are_written_with_the_digits_they_were_given() {
        ChatRequest request = Loopback.request()
                .options(OpenRouterOptions.builder()
                        .provider(ProviderPreferences.builder()
                                .maxPrice(ProviderPreferences.MaxPrice.tokens("0.50", "1.50"))
                                .build())
                        .build())
                .extra("n", 1)
                .build();

        List<String> parts = new ArrayList<>(List.of("\"prompt\":0.50", "\"completion\":1.50", "\"n\":1"));
        assertThat(server.sent(request).body()).contains(parts);
    }
}
