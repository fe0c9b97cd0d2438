/** What a ledger says, for people to read: sums by this and that, and a page with charts. */
@NullMarked
package dev.portolan.cost.report;

import org.jspecify.annotations.NullMarked;
