/** AssertJ assertions about requests, replies, costs and failures; AssertJ must be on the class path. */
@NullMarked
package dev.portolan.testkit.assertion;

import org.jspecify.annotations.NullMarked;
