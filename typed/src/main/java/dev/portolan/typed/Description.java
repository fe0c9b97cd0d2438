package dev.portolan.typed;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What something is, for the model: a record, a component of one, an enum, a constant of one, a sealed interface, or a
 * parameter of a tool. It becomes the {@code description} in the JSON schema.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.PARAMETER})
public @interface Description {
    /** One sentence or two. */
    String value();
}
