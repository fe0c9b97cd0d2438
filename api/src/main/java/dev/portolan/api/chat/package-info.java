/** The chat port: requests, messages and tools going in; replies and streamed events coming out. */
@NullMarked
package dev.portolan.api.chat;

import org.jspecify.annotations.NullMarked;
