/** Embeddings, and reranking by the same sense of likeness (embeddings.md, catalogue-and-account.md §7). */
@NullMarked
package dev.portolan.testkit.simulator.embedding;

import org.jspecify.annotations.NullMarked;
