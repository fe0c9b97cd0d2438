/**
 * Servers that speak OpenAI's API: Ollama, vLLM, LM Studio, llama.cpp, a LiteLLM proxy, OpenAI itself. Begin at
 * {@link dev.portolan.provider.openai.OpenAiCompatible}.
 */
@NullMarked
package dev.portolan.provider.openai;

import org.jspecify.annotations.NullMarked;
