/** Images on OpenRouter, by both of its routes. */
@NullMarked
package dev.portolan.provider.openrouter.image;

import org.jspecify.annotations.NullMarked;
