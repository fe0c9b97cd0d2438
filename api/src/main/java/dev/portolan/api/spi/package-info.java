/** What a provider or a plugin implements, to be found through {@link java.util.ServiceLoader} or given in code. */
@NullMarked
package dev.portolan.api.spi;

import org.jspecify.annotations.NullMarked;
