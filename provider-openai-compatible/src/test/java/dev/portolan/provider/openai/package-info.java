@org.jspecify.annotations.NullUnmarked
package dev.portolan.provider.openai;
