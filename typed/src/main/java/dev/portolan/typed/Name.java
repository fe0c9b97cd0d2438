package dev.portolan.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name in JSON of a component of a record, a constant of an enum, a parameter of a tool, or a record that is one
 * of several of a sealed interface. Without it, the Java name is the name; Moshi's {@code @Json(name = …)} is honoured too.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.PARAMETER})
public @interface Name {
    /** The name; not blank. */
    String value();
}
