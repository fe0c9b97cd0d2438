/** What calls should cost, by the prices of the catalogue and of one's own. */
@NullMarked
package dev.portolan.cost.price;

import org.jspecify.annotations.NullMarked;
