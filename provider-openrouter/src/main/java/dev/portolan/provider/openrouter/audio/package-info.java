/** Speech on OpenRouter: from text, and to text. */
@NullMarked
package dev.portolan.provider.openrouter.audio;

import org.jspecify.annotations.NullMarked;
