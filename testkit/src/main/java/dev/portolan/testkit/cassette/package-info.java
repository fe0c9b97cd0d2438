/** Real traffic with a provider, recorded in readable files and replayed without network. */
@NullMarked
package dev.portolan.testkit.cassette;

import org.jspecify.annotations.NullMarked;
