/** The entry point, {@link dev.portolan.api.Portolan}, and the values that requests and replies of every port share. */
@NullMarked
package dev.portolan.api;

import org.jspecify.annotations.NullMarked;
