/**
 * Contracts as JUnit tests: extend one class, give it your port, and know that your provider behaves. Needs JUnit 5 or newer and
 * AssertJ.
 */
@NullMarked
package dev.portolan.testkit.contract;

import org.jspecify.annotations.NullMarked;
