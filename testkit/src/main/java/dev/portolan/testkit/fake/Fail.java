package dev.portolan.testkit.fake;

import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Makes a failure anew for each call, with what is known of that call. */
interface Fail {
    PortolanException of(ErrorDetails details);

    static Fail with(PortolanException failure) {
        return details -> failure;
    }

    static Fail with(Function<? super ErrorDetails, ? extends PortolanException> failure) {
        return failure::apply;
    }

    static Fail with(BiFunction<? super String, ? super ErrorDetails, ? extends PortolanException> failure) {
        return details -> failure.apply("The fake was told to fail so", details);
    }
}
