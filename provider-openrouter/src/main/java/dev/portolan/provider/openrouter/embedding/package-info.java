/** Embeddings on OpenRouter. */
@NullMarked
package dev.portolan.provider.openrouter.embedding;

import org.jspecify.annotations.NullMarked;
