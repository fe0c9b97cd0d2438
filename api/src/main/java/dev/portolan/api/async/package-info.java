/** The blocking ports for code that must not block: futures and reactive streams on an executor of your choice. */
@NullMarked
package dev.portolan.api.async;

import org.jspecify.annotations.NullMarked;
