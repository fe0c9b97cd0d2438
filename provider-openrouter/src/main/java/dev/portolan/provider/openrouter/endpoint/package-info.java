/** The endpoints that are behind no port. */
@NullMarked
package dev.portolan.provider.openrouter.endpoint;

import org.jspecify.annotations.NullMarked;
