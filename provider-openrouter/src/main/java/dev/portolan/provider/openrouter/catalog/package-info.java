/** The catalogue of OpenRouter's models. */
@NullMarked
package dev.portolan.provider.openrouter.catalog;

import org.jspecify.annotations.NullMarked;
