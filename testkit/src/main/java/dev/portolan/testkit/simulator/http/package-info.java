/** HTTP on loopback, up to an endpoint that answers one request; the refusals of the API. */
@NullMarked
package dev.portolan.testkit.simulator.http;

import org.jspecify.annotations.NullMarked;
