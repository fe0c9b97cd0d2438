/** The server that the contenders are measured against, in a process of its own. */
@NullMarked
package dev.portolan.benchmarks.stub;

import org.jspecify.annotations.NullMarked;
