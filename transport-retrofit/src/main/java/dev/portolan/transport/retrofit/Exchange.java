package dev.portolan.transport.retrofit;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonEncodingException;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.Timeouts;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.PortolanException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Headers;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;

/** One call to a server: the one place where what went wrong with it becomes the caller's exception. */
final class Exchange {
    static final String NOT_JSON = "something that is not the JSON expected";

    private final HttpConfig config;
    private final Timeouts limits;
    private final ErrorDecoder errors;
    private final ModelId model;
    private final Call<ResponseBody> call;

    Exchange(HttpConfig config, Timeouts limits, ErrorDecoder errors, ModelId model, Call<ResponseBody> call) {
        this.config = config;
        this.limits = limits;
        this.errors = errors;
        this.model = model;
        this.call = call;
    }

    HttpConfig.Limits sizes() {
        return config.limits();
    }

    void cancel() {
        call.cancel();
    }

    /** There was no answer at all. */
    PortolanException noAnswer(IOException cause) {
        IOException e = withoutSecrets(cause);
        PortolanException ended = endedByClock(e, CallTimeoutException.Clock.FIRST_BYTE, null, null);
        return ended != null
                ? ended
                : new ConnectionException(
                        "Cannot reach " + config.provider() + " at "
                                + call.request().url().host() + ": " + reason(e)
                                + ". Check the base URL and the network, then try again.",
                        !isBeforeSending(e),
                        details(null, null),
                        e);
    }

    /** A server that does not speak HTTP is quoted, and may repeat what it was sent. */
    private IOException withoutSecrets(IOException e) {
        String message = e.getMessage();
        String clean = secrets().removedFrom(message);
        if (clean == null || clean.equals(message)) {
            return e;
        }
        IOException quiet = new IOException(clean);
        quiet.setStackTrace(e.getStackTrace());
        return quiet;
    }

    /** The answer's status says that it is an error. */
    PortolanException refused(int status, Headers headers, String body) {
        return decoded(WireError.ofBody(body), status, headers, null, null);
    }

    /** The answer looked fine, but has an error inside. */
    PortolanException errorInside(
            RawJson error,
            Map<String, RawJson> beside,
            Headers headers,
            @Nullable String generationId,
            @Nullable Reply partial) {
        return decoded(WireError.ofValue(error, beside), 200, headers, generationId, partial);
    }

    /** The answer says that it failed, but not why. */
    PortolanException errorWithoutWords(
            String text, Headers headers, @Nullable String generationId, @Nullable Reply partial) {
        return decoded(WireError.ofText(text), 200, headers, generationId, partial);
    }

    private PortolanException decoded(
            WireError error, int status, Headers headers, @Nullable String generationId, @Nullable Reply partial) {
        Secrets secrets = secrets();
        return errors.decode(
                error.without(secrets),
                status,
                secrets.removedFrom(headers),
                config.provider(),
                model,
                secrets.removedFrom(generationId),
                partial);
    }

    /** A blocking answer could not be read to its end. */
    PortolanException unreadable(Exception e, boolean connectionBroke, Headers headers) {
        String generationId = headers.get("X-Generation-Id");
        if (e instanceof TooLongException) {
            return malformed("at too great length: " + e.getMessage(), generationId, null, e);
        }
        if (e instanceof IOException io && (connectionBroke || !isMalformed(e))) {
            PortolanException ended = endedByClock(io, CallTimeoutException.Clock.IDLE, generationId, null);
            return ended != null
                    ? ended
                    : new ConnectionException(
                            "The connection to " + config.provider() + " broke in the middle of the answer: "
                                    + reason(io)
                                    + ". The answer may have been charged; try again if that is acceptable.",
                            true,
                            details(generationId, null),
                            io);
        }
        return malformed(NOT_JSON, generationId, null, e);
    }

    /** A stream could not be read to its end. */
    PortolanException broken(
            String what, @Nullable Exception e, @Nullable String generationId, @Nullable Reply partial) {
        PortolanException ended = e instanceof IOException io
                ? endedByClock(io, CallTimeoutException.Clock.IDLE, generationId, partial)
                : null;
        return ended != null
                ? ended
                : new BrokenStreamException(
                        "The stream of " + config.provider() + " for " + model.name() + " broke: " + what
                                + ". What had arrived is in partial(); it may be charged.",
                        details(generationId, partial),
                        e);
    }

    PortolanException malformed(
            String what, @Nullable String generationId, @Nullable Reply partial, @Nullable Exception e) {
        return new MalformedResponseException(
                config.provider() + " answered " + what
                        + (e == null || e instanceof TooLongException ? "" : " (" + whereInJson(e) + ")")
                        + ". Is the base URL that of its API?",
                details(generationId, partial),
                e);
    }

    PortolanException cancelled(@Nullable String generationId, @Nullable Reply partial) {
        return new CallCancelledException(
                "The call to " + config.provider() + " for " + model.name() + " was cancelled by the caller",
                details(generationId, partial));
    }

    /** These come before a byte of the request has left. */
    private static boolean isBeforeSending(IOException e) {
        return e instanceof ConnectException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException
                || e instanceof SSLPeerUnverifiedException;
    }

    /**
     * The exception if it was a clock or the caller that ended the call.
     *
     * @param silence the clock of silence that was running
     */
    private @Nullable PortolanException endedByClock(
            IOException e, CallTimeoutException.Clock silence, @Nullable String generationId, @Nullable Reply partial) {
        if (Thread.currentThread().isInterrupted()) {
            return cancelled(generationId, partial);
        }
        if (e instanceof SocketTimeoutException) {
            boolean connecting = reason(e).toLowerCase(Locale.ROOT).contains("connect");
            CallTimeoutException.Clock clock = connecting ? CallTimeoutException.Clock.CONNECT : silence;
            return timeout(clock, ranOut(clock), generationId, partial, e);
        }
        if (e instanceof InterruptedIOException) {
            return timeout(
                    CallTimeoutException.Clock.CALL, ranOut(CallTimeoutException.Clock.CALL), generationId, partial, e);
        }
        return call.isCanceled() ? cancelled(generationId, partial) : null;
    }

    private String ranOut(CallTimeoutException.Clock clock) {
        return switch (clock) {
            case CONNECT -> "was not reached within " + millis(limits.connect());
            case FIRST_BYTE -> "did not begin to answer within " + millis(limits.firstByte());
            case IDLE -> "sent nothing for " + millis(limits.idle());
            case CALL, SERVER -> "did not finish within " + millis(limits.call());
        };
    }

    private static String millis(@Nullable Duration limit) {
        return limit == null ? "the time limit" : limit.toMillis() + " ms";
    }

    private CallTimeoutException timeout(
            CallTimeoutException.Clock clock,
            String what,
            @Nullable String generationId,
            @Nullable Reply partial,
            IOException e) {
        return new CallTimeoutException(
                config.provider() + " " + what + " (model " + model.name() + "). Try again, or allow more time.",
                clock,
                details(generationId, partial),
                e);
    }

    /** The server may repeat what it was sent. */
    private Secrets secrets() {
        return Secrets.of(call.request());
    }

    private ErrorDetails details(@Nullable String generationId, @Nullable Reply partial) {
        return ErrorDetails.NONE
                .withModel(model)
                .withGenerationId(secrets().removedFrom(generationId))
                .withPartial(partial);
    }

    private static boolean isMalformed(Exception e) {
        return e instanceof JsonEncodingException || e instanceof JsonDataException || e instanceof EOFException;
    }

    /** The reader's messages quote what they found, which may be part of a conversation: only the path is told. */
    private static String whereInJson(Exception e) {
        String message = String.valueOf(e.getMessage());
        int path = message.lastIndexOf("at path ");
        return path >= 0 ? message.substring(path) : "it ends too early";
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
