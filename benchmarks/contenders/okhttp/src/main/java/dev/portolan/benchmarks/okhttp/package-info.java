/** Bare OkHttp as a contender. */
@NullMarked
package dev.portolan.benchmarks.okhttp;

import org.jspecify.annotations.NullMarked;
