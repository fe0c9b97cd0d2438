/**
 * OpenAI's API as its many speakers have it: what a provider for one of them needs, but for what that one alone has. A
 * provider says what is its own with a {@link dev.portolan.transport.retrofit.openai.ChatDialect} and an
 * {@link dev.portolan.transport.retrofit.openai.EmbeddingDialect}.
 */
@NullMarked
package dev.portolan.transport.retrofit.openai;

import org.jspecify.annotations.NullMarked;
