/** How much may be spent, by whom, and in which time. */
@NullMarked
package dev.portolan.cost.budget;

import org.jspecify.annotations.NullMarked;
