/** JSON as a tree that keeps the order of fields and the exact numbers. */
@NullMarked
package dev.portolan.testkit.simulator.json;

import org.jspecify.annotations.NullMarked;
