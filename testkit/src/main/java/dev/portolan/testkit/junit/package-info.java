/**
 * A JUnit extension: a simulator or fakes for each test, ports as parameters, and tests that fail if they leak. Needs JUnit 5.12
 * or newer.
 */
@NullMarked
package dev.portolan.testkit.junit;

import org.jspecify.annotations.NullMarked;
