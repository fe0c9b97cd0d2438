/** Draws the pictures, without AWT. */
@NullMarked
package dev.portolan.testkit.simulator.picture;

import org.jspecify.annotations.NullMarked;
