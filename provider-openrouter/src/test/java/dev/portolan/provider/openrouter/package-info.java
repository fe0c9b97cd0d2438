/** Tests of the OpenRouter provider: over real HTTP on loopback, through the public port wherever that can show it. */
package dev.portolan.provider.openrouter;
