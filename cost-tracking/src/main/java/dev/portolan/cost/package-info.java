/** What every call cost, written down and added up. */
@NullMarked
package dev.portolan.cost;

import org.jspecify.annotations.NullMarked;
