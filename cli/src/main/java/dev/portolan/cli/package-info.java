/** The {@code portolan} command: asks models from a shell, on OpenRouter or offline on the built-in simulator. */
@NullMarked
package dev.portolan.cli;

import org.jspecify.annotations.NullMarked;
