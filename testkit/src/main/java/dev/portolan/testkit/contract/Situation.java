package dev.portolan.testkit.contract;

import java.time.Duration;

/**
 * What a contract wants to see a port go through, and only its provider's test can bring about; see
 * {@link PortContract#portIn}. A situation that the test leaves out has its tests reported as aborted, with its name.
 *
 * <p>Requests come with {@link dev.portolan.api.RetryPolicy#NONE}. More may be added: let a {@code switch} over these have a
 * {@code default}.
 */
public enum Situation {
    /** The port carries the key {@link #KEY_THAT_IS_WRONG}, which the server refuses. */
    WRONG_KEY,
    /** The server refuses every call as one too many, and asks to wait {@link #WAIT}. */
    RATE_LIMITED,
    /** The server does not know the model {@link #MODEL_THAT_IS_UNKNOWN}. */
    UNKNOWN_MODEL,
    /** The server refuses every call because the account, or the key, has nothing left to spend. */
    NO_CREDIT,
    /** The server refuses every call because the prompt is longer than the model can take. */
    PROMPT_TOO_LONG,
    /** The server refuses every call because its policy forbids what is asked. */
    PROMPT_REFUSED,
    /** The server refuses every call as one that is not valid, for whatever other reason. */
    INVALID_REQUEST,
    /** The server fails at every call, as with status 500 or 503. */
    SERVER_FAILS,
    /** Nobody listens where the port sends its calls. */
    SERVER_AWAY,
    /** The server takes every request and never begins to answer. */
    SILENT_ANSWER,
    /** Every stream begins, says something, then falls silent, and stays open. */
    SILENT_STREAM,
    /** Every stream says something, then breaks off: the connection ends, or the last event is missing. */
    STREAM_CUT,
    /** Every stream says something, then carries an error. */
    STREAM_ERROR,
    /** The server tells neither tokens nor cost. */
    NO_USAGE,
    /** The model calls the function that it is given, and answers once it has the result. Chat only. */
    TOOL_CALL,
    /** The server fails at the second request that it gets, and answers all others. Embeddings only. */
    BATCH_FAILS;

    /** The key of {@link #WRONG_KEY}. */
    public static final String KEY_THAT_IS_WRONG = "sk-contract-0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    /** The name that is asked for in {@link #UNKNOWN_MODEL}, behind the provider's. */
    public static final String MODEL_THAT_IS_UNKNOWN = "nobody/no-such-model";

    /** How long the server asks to wait in {@link #RATE_LIMITED}: 7 seconds. */
    public static final Duration WAIT = Duration.ofSeconds(7);
}
