/** Speech from text and text from speech (catalogue-and-account.md §8 and §9). */
@NullMarked
package dev.portolan.testkit.simulator.audio;

import org.jspecify.annotations.NullMarked;
