/**
 * Embeddings, and reranking by the same sense of likeness (OpenRouter reference: embeddings, catalogue-and-account §7).
 */
@NullMarked
package dev.portolan.testkit.simulator.embedding;

import org.jspecify.annotations.NullMarked;
