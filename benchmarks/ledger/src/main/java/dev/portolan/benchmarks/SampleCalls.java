package dev.portolan.benchmarks;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Calls as an application makes them: of 12 models, some asked far more often than others, spread evenly over 90 days, each
 * with the tags {@code team} (20 values) and {@code user} (5,000), two of three with {@code env} (2). One cost in a hundred is
 * unknown, one in twenty estimated, and one in ten has the many digits of a sum in binary fractions. The same seed makes the
 * same calls. Not thread-safe.
 */
final class SampleCalls {
    static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    static final Duration SPAN = Duration.ofDays(90);

    private static final List<String> MODELS = List.of(
            "google/gemini-2.5-flash",
            "google/gemini-2.5-pro",
            "openai/gpt-5",
            "openai/gpt-5-mini",
            "openai/gpt-4o",
            "anthropic/claude-sonnet-4.5",
            "anthropic/claude-haiku-4.5",
            "deepseek/deepseek-v3.2",
            "qwen/qwen3-235b-a22b",
            "mistralai/mistral-large",
            "x-ai/grok-4",
            "openai/text-embedding-3-small");
    private static final BigDecimal PROMPT_PRICE = new BigDecimal("0.000000075");
    private static final BigDecimal COMPLETION_PRICE = new BigDecimal("0.0000003");

    private final Random dice;

    SampleCalls(long seed) {
        dice = new Random(seed);
    }

    /**
     * A call.
     *
     * @param place when it began, from 0 for the beginning of the 90 days to 1 for their end
     */
    CostEvent next(double place) {
        int model = (int) Math.min(MODELS.size() - 1, Math.abs(dice.nextGaussian() * 5));
        String name = MODELS.get(model);
        long prompt = 50L + dice.nextInt(8_000);
        long completion = 1L + dice.nextInt(1_500);
        BigDecimal amount = amount(prompt, completion);
        Outcome.Status status = status();
        Instant started = FIRST.plusNanos((long) (SPAN.toNanos() * place)).plusNanos(dice.nextInt(1_000_000));
        String generation = "gen-" + started.getEpochSecond() + "-" + Long.toString(dice.nextLong() >>> 1, 36);
        return new CostEvent(
                new UUID(dice.nextLong(), dice.nextLong()).toString(),
                model == MODELS.size() - 1 ? Operation.EMBEDDING : Operation.CHAT,
                new ModelId("openrouter", name),
                new AnsweredBy(name + "-2026-01-01", name.substring(0, name.indexOf('/')), List.of(generation)),
                tags(),
                usage(prompt, completion, amount),
                cost(amount),
                new Timing(started, Duration.ofMillis(500 + dice.nextInt(20_000)), Duration.ofMillis(300)),
                new Outcome(status, status == Outcome.Status.FAILED ? "RateLimitedException" : null, 1));
    }

    private BigDecimal amount(long prompt, long completion) {
        BigDecimal exact = PROMPT_PRICE
                .multiply(BigDecimal.valueOf(prompt))
                .add(COMPLETION_PRICE.multiply(BigDecimal.valueOf(completion)));
        return dice.nextInt(10) == 0 ? new BigDecimal(Double.toString(exact.doubleValue() * 1.1)) : exact;
    }

    private Outcome.Status status() {
        int roll = dice.nextInt(100);
        return roll < 3 ? Outcome.Status.FAILED : roll < 5 ? Outcome.Status.CANCELLED : Outcome.Status.COMPLETED;
    }

    private Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("team", "team-" + dice.nextInt(20) * dice.nextInt(20) / 19);
        tags.put("user", "user-" + dice.nextInt(5_000));
        if (dice.nextInt(3) > 0) {
            tags.put("env", dice.nextInt(10) < 7 ? "prod" : "staging");
        }
        return tags;
    }

    private static Usage usage(long prompt, long completion, BigDecimal amount) {
        String raw = "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion + ",\"total_tokens\":"
                + (prompt + completion) + ",\"cost\":" + amount.toPlainString()
                + ",\"is_byok\":false,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                + "\"cost_details\":{\"upstream_inference_cost\":null},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}";
        return new Usage(
                prompt,
                completion,
                prompt + completion,
                Usage.PromptDetails.NONE,
                Usage.CompletionDetails.NONE,
                RawJson.parse(raw));
    }

    private Cost cost(BigDecimal amount) {
        int roll = dice.nextInt(100);
        return roll == 0 ? Cost.UNKNOWN : roll < 6 ? Cost.estimated(amount) : Cost.reported(amount);
    }
}
