package dev.portolan.cost.signal;

import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Sampling;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Starts the span of a call, with what is asked; but none of the texts. */
final class RequestSpan {
    private static final AttributeKey<List<String>> ENCODING_FORMATS =
            AttributeKey.stringArrayKey("gen_ai.request.encoding_formats");

    private RequestSpan() {}

    /** All attributes are there from the start, since samplers see only those. */
    static Span start(Tracer tracer, Request request, boolean streamed, List<String> tags) {
        String operation = Convention.operation(operation(request));
        String model = request.model().name();
        SpanBuilder span = tracer.spanBuilder(operation + " " + model)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(Convention.OPERATION, operation)
                .setAttribute(Convention.PROVIDER, request.model().provider())
                .setAttribute(Convention.REQUEST_MODEL, model);
        if (streamed) {
            span.setAttribute("gen_ai.request.stream", true);
        }
        server(span, request.call().baseUrl());
        if (request instanceof ChatRequest chat) {
            chat(span, chat);
        } else if (request instanceof EmbeddingRequest embedding) {
            embedding(span, embedding);
        } else if (request instanceof ImageRequest image) {
            image(span, image);
        }
        for (String tag : tags) {
            String value = request.call().tags().get(tag);
            if (value != null) {
                span.setAttribute("portolan.tag." + tag, value);
            }
        }
        return span.startSpan();
    }

    private static CostEvent.Operation operation(Request request) {
        if (request instanceof ChatRequest) {
            return CostEvent.Operation.CHAT;
        }
        return request instanceof EmbeddingRequest ? CostEvent.Operation.EMBEDDING : CostEvent.Operation.IMAGE;
    }

    /** Known only where the call itself names it: a provider does not tell its base URL. */
    private static void server(SpanBuilder span, @Nullable URI baseUrl) {
        String host = baseUrl == null ? null : baseUrl.getHost();
        if (baseUrl != null && host != null) {
            int standard = "http".equalsIgnoreCase(baseUrl.getScheme()) ? 80 : 443;
            span.setAttribute("server.address", host);
            span.setAttribute("server.port", baseUrl.getPort() < 0 ? standard : baseUrl.getPort());
        }
    }

    private static void chat(SpanBuilder span, ChatRequest request) {
        Sampling sampling = request.sampling();
        set(span, "gen_ai.request.temperature", sampling.temperature());
        set(span, "gen_ai.request.top_p", sampling.topP());
        set(span, "gen_ai.request.top_k", sampling.topK());
        set(span, "gen_ai.request.frequency_penalty", sampling.frequencyPenalty());
        set(span, "gen_ai.request.presence_penalty", sampling.presencePenalty());
        setWhole(span, "gen_ai.request.seed", sampling.seed());
        Output output = request.output();
        setWhole(
                span,
                "gen_ai.request.max_tokens",
                output.maxCompletionTokens() != null ? output.maxCompletionTokens() : output.maxTokens());
        set(span, outputType(request));
    }

    private static @Nullable String outputType(ChatRequest request) {
        if (request.output().modalities().contains(Output.Modality.IMAGE)) {
            return "image";
        } else if (request.output().modalities().contains(Output.Modality.AUDIO)) {
            return "speech";
        }
        ResponseFormat format = request.responseFormat();
        if (format instanceof ResponseFormat.JsonObject || format instanceof ResponseFormat.JsonSchema) {
            return "json";
        }
        return format instanceof ResponseFormat.Text ? "text" : null;
    }

    private static void embedding(SpanBuilder span, EmbeddingRequest request) {
        setWhole(span, "gen_ai.embeddings.dimension.count", request.dimensions());
        if (request.encoding() != null) {
            span.setAttribute(
                    ENCODING_FORMATS, List.of(request.encoding().name().toLowerCase(Locale.ROOT)));
        }
    }

    private static void image(SpanBuilder span, ImageRequest request) {
        set(span, "image");
        setWhole(span, "gen_ai.request.seed", request.seed());
        Integer n = request.n();
        setWhole(span, "gen_ai.request.choice.count", n == null || n == 1 ? null : n);
    }

    private static void set(SpanBuilder span, @Nullable String outputType) {
        if (outputType != null) {
            span.setAttribute("gen_ai.output.type", outputType);
        }
    }

    private static void set(SpanBuilder span, String name, @Nullable Number value) {
        if (value != null) {
            span.setAttribute(name, value.doubleValue());
        }
    }

    private static void setWhole(SpanBuilder span, String name, @Nullable Number value) {
        if (value != null) {
            span.setAttribute(name, value.longValue());
        }
    }
}
