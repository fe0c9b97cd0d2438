/** Portolan for applications that are put together by Guice: {@link dev.portolan.wiring.guice.PortolanModule}. */
@NullMarked
package dev.portolan.wiring.guice;

import org.jspecify.annotations.NullMarked;
