/** Reading JSON that may be other than expected, and values straight off the wire. */
@NullMarked
package dev.portolan.transport.retrofit.json;

import org.jspecify.annotations.NullMarked;
