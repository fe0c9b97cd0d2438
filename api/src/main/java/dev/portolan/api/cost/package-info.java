/** What a call used and what it cost: token counts and exact money. */
@NullMarked
package dev.portolan.api.cost;

import org.jspecify.annotations.NullMarked;
