package dev.portolan.cli;

import dev.portolan.api.chat.Reasoning;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a reasoning effort by its name on the wire. */
final class EffortConverter implements ITypeConverter<Reasoning.Effort> {
    @Override
    public Reasoning.Effort convert(String value) {
        try {
            return Reasoning.Effort.valueOf(value.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'" + value + "' is not one of none, minimal, low, medium, high, xhigh, max");
        }
    }
}
