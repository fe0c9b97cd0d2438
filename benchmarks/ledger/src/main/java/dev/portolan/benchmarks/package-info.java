/** Benchmarks of whole processes: each class with a {@code main} prints its figures as Markdown. */
@NullMarked
package dev.portolan.benchmarks;

import org.jspecify.annotations.NullMarked;
