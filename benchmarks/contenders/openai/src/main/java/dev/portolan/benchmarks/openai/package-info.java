/** openai-java as a contender. */
@NullMarked
package dev.portolan.benchmarks.openai;

import org.jspecify.annotations.NullMarked;
