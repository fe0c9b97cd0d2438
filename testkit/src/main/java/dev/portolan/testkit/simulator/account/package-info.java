/**
 * What an account can ask about itself: generations, credits, the key
 * (OpenRouter reference: catalogue-and-account §4 to §6).
 */
@NullMarked
package dev.portolan.testkit.simulator.account;

import org.jspecify.annotations.NullMarked;
