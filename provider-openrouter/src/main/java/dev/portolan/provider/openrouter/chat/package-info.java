/** Chat on OpenRouter. */
@NullMarked
package dev.portolan.provider.openrouter.chat;

import org.jspecify.annotations.NullMarked;
