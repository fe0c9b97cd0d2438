/** Documents in the order of their relevance, on OpenRouter. */
@NullMarked
package dev.portolan.provider.openrouter.rerank;

import org.jspecify.annotations.NullMarked;
