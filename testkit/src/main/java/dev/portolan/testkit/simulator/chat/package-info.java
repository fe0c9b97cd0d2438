/** Chat completions: blocking and streamed (chat-completions.md, streaming.md). */
@NullMarked
package dev.portolan.testkit.simulator.chat;

import org.jspecify.annotations.NullMarked;
