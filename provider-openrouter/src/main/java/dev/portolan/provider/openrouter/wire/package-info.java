/** OpenRouter on the wire: its endpoints, and what the requests and replies of all of them share. */
@NullMarked
package dev.portolan.provider.openrouter.wire;

import org.jspecify.annotations.NullMarked;
