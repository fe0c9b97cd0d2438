/** Speech from text and text from speech (OpenRouter reference: catalogue-and-account §8 and §9). */
@NullMarked
package dev.portolan.testkit.simulator.audio;

import org.jspecify.annotations.NullMarked;
