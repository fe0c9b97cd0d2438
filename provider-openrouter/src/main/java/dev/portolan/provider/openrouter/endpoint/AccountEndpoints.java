package dev.portolan.provider.openrouter.endpoint;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.provider.openrouter.account.Credits;
import dev.portolan.provider.openrouter.account.Generation;
import dev.portolan.provider.openrouter.account.KeyInfo;
import dev.portolan.provider.openrouter.account.UpstreamProvider;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.provider.openrouter.wire.UsageDecoder;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the endpoints about the account (OpenRouter reference: catalogue-and-account §3 to §6). */
public final class AccountEndpoints {
    private final OpenAiClient<OpenRouterApi> client;

    /** With this client. */
    public AccountEndpoints(OpenAiClient<OpenRouterApi> client) {
        this.client = client;
    }

    /** See {@link dev.portolan.provider.openrouter.OpenRouter#generation}. */
    public Generation generation(String id) {
        RawJson raw = data("generation", Map.of("id", id));
        Map<String, RawJson> told = JsonTree.members(raw);
        boolean byok = bool(told, "is_byok");
        BigDecimal total = decimal(told, "total_cost");
        String model = JsonTree.text(told.get("model"));
        return new Generation(
                id,
                model == null ? "" : model,
                JsonTree.text(told.get("api_type")),
                JsonTree.text(told.get("provider_name")),
                instant(told, "created_at"),
                usage(told, raw),
                cost(total != null ? total : decimal(told, "usage"), byok, told),
                byok,
                bool(told, "streamed"),
                bool(told, "cancelled"),
                JsonTree.text(told.get("finish_reason")),
                millis(told, "latency"),
                millis(told, "generation_time"),
                raw);
    }

    /** See {@link dev.portolan.provider.openrouter.OpenRouter#credits}. */
    public Credits credits() {
        Map<String, RawJson> told = JsonTree.members(data("credits", Map.of()));
        return new Credits(amount(told, "total_credits"), amount(told, "total_usage"));
    }

    /** See {@link dev.portolan.provider.openrouter.OpenRouter#key}. */
    public KeyInfo key() {
        RawJson raw = data("key", Map.of());
        Map<String, RawJson> told = JsonTree.members(raw);
        String label = JsonTree.text(told.get("label"));
        return new KeyInfo(
                label == null ? "" : label,
                decimal(told, "limit"),
                decimal(told, "limit_remaining"),
                JsonTree.text(told.get("limit_reset")),
                amount(told, "usage"),
                amount(told, "usage_daily"),
                amount(told, "usage_weekly"),
                amount(told, "usage_monthly"),
                amount(told, "byok_usage"),
                bool(told, "is_free_tier"),
                bool(told, "is_management_key") || bool(told, "is_provisioning_key"),
                instant(told, "expires_at"),
                raw);
    }

    /** See {@link dev.portolan.provider.openrouter.OpenRouter#providers}. */
    public List<UpstreamProvider> providers() {
        return JsonTree.elements(data("providers", Map.of())).stream()
                .map(AccountEndpoints::provider)
                .toList();
    }

    private static UpstreamProvider provider(RawJson json) {
        Map<String, RawJson> told = JsonTree.members(json);
        String name = JsonTree.text(told.get("name"));
        String slug = JsonTree.text(told.get("slug"));
        return new UpstreamProvider(
                name == null ? "" : name,
                slug == null ? "" : slug,
                JsonTree.text(told.get("privacy_policy_url")),
                JsonTree.text(told.get("terms_of_service_url")),
                JsonTree.text(told.get("status_page_url")),
                JsonTree.text(told.get("headquarters")),
                JsonTree.elements(told.get("datacenters")).stream()
                        .map(JsonTree::text)
                        .filter(java.util.Objects::nonNull)
                        .toList());
    }

    private RawJson data(String path, Map<String, String> parameters) {
        ModelId about = new ModelId("openrouter", path);
        RawJson data = JsonTree.members(client.get(about, CallOptions.DEFAULT, path, parameters))
                .get("data");
        return data == null ? RawJson.NULL : data;
    }

    /** The tokenizer of the model where it is told; otherwise OpenRouter's own count. */
    private static Usage usage(Map<String, RawJson> told, RawJson raw) {
        long prompt = count(told, "native_tokens_prompt", "tokens_prompt");
        long completion = count(told, "native_tokens_completion", "tokens_completion");
        return new Usage(
                prompt,
                completion,
                prompt + completion,
                new Usage.PromptDetails(count(told, "native_tokens_cached", ""), 0, 0, 0),
                new Usage.CompletionDetails(
                        count(told, "native_tokens_reasoning", ""),
                        count(told, "native_tokens_completion_images", ""),
                        0,
                        0,
                        0),
                raw);
    }

    private static Cost cost(@Nullable BigDecimal charged, boolean byok, Map<String, RawJson> told) {
        return UsageDecoder.cost(charged, byok, decimal(told, "upstream_inference_cost"));
    }

    private static long count(Map<String, RawJson> told, String name, String otherwise) {
        Long count = JsonTree.value(told.get(name), Lenient::whole);
        if (count == null) {
            count = JsonTree.value(told.get(otherwise), Lenient::whole);
        }
        return count == null ? 0 : count;
    }

    private static @Nullable BigDecimal decimal(Map<String, RawJson> told, String name) {
        return JsonTree.value(told.get(name), Lenient::decimal);
    }

    private static BigDecimal amount(Map<String, RawJson> told, String name) {
        BigDecimal amount = decimal(told, name);
        return amount == null ? BigDecimal.ZERO : amount;
    }

    private static boolean bool(Map<String, RawJson> told, String name) {
        return Boolean.TRUE.equals(JsonTree.value(told.get(name), Lenient::bool));
    }

    private static @Nullable Duration millis(Map<String, RawJson> told, String name) {
        BigDecimal millis = decimal(told, name);
        return millis == null ? null : Duration.ofNanos(millis.movePointRight(6).longValue());
    }

    private static @Nullable Instant instant(Map<String, RawJson> told, String name) {
        String text = JsonTree.text(told.get(name));
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            return null;
        }
    }
}
