package dev.portolan.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of tokens as people write it, {@code 128k}, or in full. */
final class TokensConverter implements ITypeConverter<Long> {
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)([km]?)");

    @Override
    public Long convert(String value) {
        Matcher number = NUMBER.matcher(value.strip().toLowerCase(Locale.ROOT).replace("_", ""));
        if (!number.matches()) {
            throw new TypeConversionException("'" + value + "' is not a number of tokens; write 128000, 128k or 1M");
        }
        int zeros = number.group(2).isEmpty() ? 0 : number.group(2).equals("k") ? 3 : 6;
        return new BigDecimal(number.group(1)).movePointRight(zeros).longValue();
    }
}
