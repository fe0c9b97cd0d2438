/** What OpenRouter knows about the account: its credits, its key, its past generations, and the providers it routes to. */
@NullMarked
package dev.portolan.provider.openrouter.account;

import org.jspecify.annotations.NullMarked;
