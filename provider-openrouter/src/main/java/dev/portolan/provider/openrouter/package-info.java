/**
 * OpenRouter's API behind the ports. Callers see {@link dev.portolan.provider.openrouter.OpenRouterOptions} going in and
 * {@link dev.portolan.provider.openrouter.OpenRouterMetadata} coming out; the rest is found through ServiceLoader.
 */
@NullMarked
package dev.portolan.provider.openrouter;

import org.jspecify.annotations.NullMarked;
