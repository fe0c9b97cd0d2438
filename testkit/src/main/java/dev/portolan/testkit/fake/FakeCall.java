package dev.portolan.testkit.fake;

import dev.portolan.api.Request;

/**
 * A call that a fake has received.
 *
 * @param request what was asked
 * @param streamed whether the answer was asked for as a stream
 */
public record FakeCall<Q extends Request>(Q request, boolean streamed) {}
