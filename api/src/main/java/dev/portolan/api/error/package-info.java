/** What can go wrong, one class for each decision a caller makes about it. */
@NullMarked
package dev.portolan.api.error;

import org.jspecify.annotations.NullMarked;
