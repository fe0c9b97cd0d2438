/** What is measured, and how. */
@NullMarked
package dev.portolan.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
