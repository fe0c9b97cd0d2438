/** What providers that speak JSON over HTTP have in common; knows no provider. */
@NullMarked
package dev.portolan.transport.retrofit;

import org.jspecify.annotations.NullMarked;
