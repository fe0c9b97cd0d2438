/** Chat completions: blocking and streamed (OpenRouter reference: chat-completions, streaming). */
@NullMarked
package dev.portolan.testkit.simulator.chat;

import org.jspecify.annotations.NullMarked;
