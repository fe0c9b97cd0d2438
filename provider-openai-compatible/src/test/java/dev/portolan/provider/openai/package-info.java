/** Tests of the provider: over real HTTP on loopback, with what servers are known to write. */
package dev.portolan.provider.openai;
