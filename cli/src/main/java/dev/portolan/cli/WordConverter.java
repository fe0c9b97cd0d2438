package dev.portolan.cli;

import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.provider.openrouter.ImageRoute;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words, in any case; the error lists them. */
abstract class WordConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final List<E> words;

    private WordConverter(Stream<E> words) {
        this.words = words.toList();
    }

    @Override
    public E convert(String value) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        return words.stream()
                .filter(constant -> name(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + value + "' is not one of "
                        + words.stream().map(WordConverter::name).collect(Collectors.joining(", "))));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** How much a model thinks first. */
    static final class Effort extends WordConverter<Reasoning.Effort> {
        Effort() {
            super(Stream.of(Reasoning.Effort.values()).sorted(Comparator.reverseOrder())); // as people count
        }
    }

    /** How vectors travel. */
    static final class Encoding extends WordConverter<EmbeddingRequest.Encoding> {
        Encoding() {
            super(Stream.of(EmbeddingRequest.Encoding.values()));
        }
    }

    /** What kind of call. */
    static final class Operation extends WordConverter<CostEvent.Operation> {
        Operation() {
            super(Stream.of(CostEvent.Operation.values()));
        }
    }

    /** How a call ended. */
    static final class Outcome extends WordConverter<CostEvent.Outcome.Status> {
        Outcome() {
            super(Stream.of(CostEvent.Outcome.Status.values()));
        }
    }

    /** In what order sums are listed. */
    static final class CostOrder extends WordConverter<CostTables.Order> {
        CostOrder() {
            super(Stream.of(CostTables.Order.values()));
        }
    }

    /** By which route images are drawn. */
    static final class Route extends WordConverter<ImageRoute> {
        Route() {
            super(Stream.of(ImageRoute.values()));
        }
    }

    /** In what order models are listed; without the provider's own, which is the default. */
    static final class Order extends WordConverter<ModelQuery.Order> {
        Order() {
            super(Stream.of(ModelQuery.Order.values()).filter(order -> order != ModelQuery.Order.PROVIDER));
        }
    }
}
