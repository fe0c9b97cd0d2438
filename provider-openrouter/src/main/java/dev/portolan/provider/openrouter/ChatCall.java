package dev.portolan.provider.openrouter;

import dev.portolan.api.Warning;
import java.util.List;
import java.util.Map;

/**
 * A chat request as it goes on the wire.
 *
 * @param body the JSON body, as {@link dev.portolan.transport.retrofit.JsonBody} takes it
 * @param headers headers that the request's options ask for
 * @param warnings what could not be honoured as asked
 */
record ChatCall(Map<String, Object> body, Map<String, String> headers, List<Warning> warnings) {}
