/** Fakes of the ports, for tests of code that calls models: scripted, deterministic, and with any test framework. */
@NullMarked
package dev.portolan.testkit.fake;

import org.jspecify.annotations.NullMarked;
