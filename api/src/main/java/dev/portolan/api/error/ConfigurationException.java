package dev.portolan.api.error;

import org.jspecify.annotations.Nullable;

/**
 * A setting is missing or wrong; nothing was sent. Remedy: correct the setting that the message names.
 */
public final class ConfigurationException extends PortolanException {
    private static final long serialVersionUID = 1L;

    /** With what is known, and what it came from. */
    public ConfigurationException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
    }

    /** With what is known. */
    public ConfigurationException(String message, ErrorDetails details) {
        this(message, details, null);
    }

    /** Without a call. */
    public ConfigurationException(String message) {
        this(message, ErrorDetails.NONE, null);
    }

    @Override
    ConfigurationException with(String message, ErrorDetails details) {
        return new ConfigurationException(message, details, this);
    }
}
