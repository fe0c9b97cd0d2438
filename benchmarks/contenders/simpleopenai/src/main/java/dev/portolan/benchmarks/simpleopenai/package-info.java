/** simple-openai as a contender. */
@NullMarked
package dev.portolan.benchmarks.simpleopenai;

import org.jspecify.annotations.NullMarked;
