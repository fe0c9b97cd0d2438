package dev.portolan.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a method that the model may call; see {@link TypedTool#methodsOf}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ToolFunction {
    /** What it does and when to use it, for the model. */
    String value();

    /** The tool's name, at most 64 of {@code A-Z a-z 0-9 _ -}; by default that of the method. */
    String name() default "";
}
