/** The accounts of budgets: the rules by which money is counted, put by and refused, and what a ledger keeps for them. */
@NullMarked
package dev.portolan.cost.account;

import org.jspecify.annotations.NullMarked;
