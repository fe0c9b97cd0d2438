package dev.portolan.cli;

import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PayloadTooLargeException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.error.UnusableReplyException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the command ends: one code for each decision that a script makes about it. */
enum ExitCode {
    OK(0, "the answer is there, or the reader of standard output had enough of it"),
    UNEXPECTED(1, "something unexpected, such as a full disk or a fault of this program"),
    BAD_INPUT(2, "wrong options, a file that cannot be read, a value out of range: correct the command line"),
    CONFIGURATION(3, "a setting or the key is missing or wrong: correct it"),
    CREDITS(4, "no credit left: top up, or raise the key's limit"),
    REFUSED(5, "the key may not do this, or the provider or the model will not answer this"),
    NOT_FOUND(6, "no such model, or no endpoint may serve it: choose another"),
    INVALID_REQUEST(7, "the provider does not accept the request, or it is too long: change it"),
    RATE_LIMITED(8, "too many requests: wait, then try again"),
    UNAVAILABLE(9, "no connection, a time limit, or a provider or ledger that is down: try again"),
    BROKEN_ANSWER(10, "the answer broke off or cannot be understood; what came of it may be charged"),
    BUDGET(11, "the call would break a budget of your own"),
    CANCELLED(130, "cancelled with Ctrl-C");

    private static final Map<Class<? extends PortolanException>, ExitCode> DECISIONS = Map.ofEntries(
            Map.entry(ConfigurationException.class, CONFIGURATION),
            Map.entry(AuthenticationException.class, CONFIGURATION),
            Map.entry(InsufficientCreditsException.class, CREDITS),
            Map.entry(PermissionDeniedException.class, REFUSED),
            Map.entry(ContentPolicyException.class, REFUSED),
            Map.entry(NotFoundException.class, NOT_FOUND),
            Map.entry(InvalidRequestException.class, INVALID_REQUEST),
            Map.entry(ContextTooLongException.class, INVALID_REQUEST),
            Map.entry(PayloadTooLargeException.class, INVALID_REQUEST),
            Map.entry(RateLimitedException.class, RATE_LIMITED),
            Map.entry(ProviderUnavailableException.class, UNAVAILABLE),
            Map.entry(ConnectionException.class, UNAVAILABLE),
            Map.entry(CallTimeoutException.class, UNAVAILABLE),
            Map.entry(BrokenStreamException.class, BROKEN_ANSWER),
            Map.entry(MalformedResponseException.class, BROKEN_ANSWER),
            Map.entry(UnusableReplyException.class, BROKEN_ANSWER),
            Map.entry(BudgetExceededException.class, BUDGET),
            Map.entry(CallCancelledException.class, CANCELLED));

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    /** The code for a call that failed in this way. */
    static ExitCode of(PortolanException error) {
        return DECISIONS.getOrDefault(error.getClass(), UNEXPECTED);
    }

    /** What each code means, for the help text. */
    static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (ExitCode exitCode : values()) {
            String number = Integer.toString(exitCode.code);
            meanings.put(" ".repeat(4 - number.length()) + number, exitCode.meaning);
        }
        return meanings;
    }
}
