package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The provider or the model will not answer this. Remedy: ask something else, or another model.
 */
public final class ContentPolicyException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public ContentPolicyException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public ContentPolicyException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    ContentPolicyException with(String message, ErrorDetails details) {
        return new ContentPolicyException(message, details, this);
    }
}
