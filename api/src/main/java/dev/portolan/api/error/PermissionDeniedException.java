package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The key may not do this, or a guardrail, a moderation or a region rule forbids it. Remedy: change the request or the
 * account's settings.
 */
public final class PermissionDeniedException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public PermissionDeniedException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public PermissionDeniedException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    @Override
    PermissionDeniedException with(String message, ErrorDetails details) {
        return new PermissionDeniedException(message, details, this);
    }
}
