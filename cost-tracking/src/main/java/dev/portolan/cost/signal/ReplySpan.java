package dev.portolan.cost.signal;

import dev.portolan.api.Attempt;
import dev.portolan.api.Reply;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageResponse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes on a span who answered, and what it used, cost and took; but none of the answer. */
final class ReplySpan {
    private static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

    private final Span span;

    ReplySpan(Span span) {
        this.span = span;
    }

    /** All but the cost and the attempts, which a failed call has too. */
    void reply(Reply reply) {
        answeredBy(reply.id(), reply.model());
        usage(reply.usage(), reply instanceof EmbeddingResponse);
        if (reply instanceof ChatResponse chat) {
            upstream(chat.provider());
            List<String> reasons = chat.choices().stream()
                    .map(choice -> word(choice.finishReason()))
                    .filter(Objects::nonNull)
                    .toList();
            if (!reasons.isEmpty()) {
                span.setAttribute(FINISH_REASONS, reasons);
            }
        } else if (reply instanceof ImageResponse image) {
            upstream(image.provider());
        } else if (reply instanceof EmbeddingResponse embedding) {
            upstream(embedding.provider());
        }
    }

    private static String word(FinishReason reason) {
        String raw = reason.raw();
        return raw == null || raw.isBlank() ? reason.unified().name().toLowerCase(Locale.ROOT) : raw;
    }

    void started(ChatEvent.ResponseStarted answer) {
        answeredBy(answer.id(), answer.model());
        upstream(answer.provider());
    }

    void usage(Usage usage, boolean embedding) {
        if (!usage.isReported()) {
            return;
        }
        span.setAttribute("gen_ai.usage.input_tokens", usage.promptTokens());
        if (!embedding) {
            span.setAttribute("gen_ai.usage.output_tokens", usage.completionTokens());
        }
        tokens("gen_ai.usage.cache_read.input_tokens", usage.prompt().cachedTokens());
        tokens("gen_ai.usage.cache_creation.input_tokens", usage.prompt().cacheWriteTokens());
        tokens("gen_ai.usage.audio.input_tokens", usage.prompt().audioTokens());
        tokens("gen_ai.usage.video.input_tokens", usage.prompt().videoTokens());
        tokens("gen_ai.usage.reasoning.output_tokens", usage.completion().reasoningTokens());
        tokens("gen_ai.usage.audio.output_tokens", usage.completion().audioTokens());
    }

    /** Of parts it is not known whether 0 was reported or nothing. */
    private void tokens(String name, long count) {
        if (count > 0) {
            span.setAttribute(name, count);
        }
    }

    void cost(Cost cost) {
        span.setAttribute(Convention.COST_SOURCE, Convention.source(cost.source()));
        if (cost.amount() != null) {
            span.setAttribute(Convention.COST, cost.amount().toPlainString());
            span.setAttribute(Convention.COST_CURRENCY, cost.currency());
        }
    }

    void attempts(List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return;
        }
        span.setAttribute("portolan.attempts", attempts.size());
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            PortolanException failure = attempt.failure();
            if (failure != null) {
                span.addEvent("portolan.attempt.failed", attributes(i + 1, attempt, failure));
            }
        }
    }

    private static Attributes attributes(int number, Attempt attempt, PortolanException failure) {
        AttributesBuilder attributes = Attributes.builder()
                .put("portolan.attempt.number", number)
                .put("portolan.attempt.delay", attempt.delay().toNanos() / 1e9)
                .put(Convention.PROVIDER, attempt.model().provider())
                .put(Convention.REQUEST_MODEL, attempt.model().name())
                .put(Convention.ERROR_TYPE, Convention.error(failure.getClass().getSimpleName()));
        int status = failure.details().httpStatus();
        if (status > 0) {
            attributes.put("http.response.status_code", status);
        }
        Cost cost = attempt.costOfFailure();
        attributes.put(Convention.COST_SOURCE, Convention.source(cost.source()));
        if (cost.amount() != null) {
            attributes
                    .put(Convention.COST, cost.amount().toPlainString())
                    .put(Convention.COST_CURRENCY, cost.currency());
        }
        return attributes.build();
    }

    void generation(@Nullable String id) {
        if (id != null) {
            span.setAttribute("gen_ai.response.id", id);
        }
    }

    private void answeredBy(@Nullable String id, String model) {
        generation(id);
        if (!model.isEmpty()) {
            span.setAttribute(Convention.RESPONSE_MODEL, model);
        }
    }

    private void upstream(@Nullable String provider) {
        if (provider != null) {
            span.setAttribute("portolan.upstream", provider);
        }
    }
}
