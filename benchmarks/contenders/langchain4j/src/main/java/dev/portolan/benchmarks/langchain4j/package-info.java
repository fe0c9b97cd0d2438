/** LangChain4j as a contender. */
@NullMarked
package dev.portolan.benchmarks.langchain4j;

import org.jspecify.annotations.NullMarked;
