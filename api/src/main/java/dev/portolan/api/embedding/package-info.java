/** The embedding port: texts and other content going in, vectors coming out. */
@NullMarked
package dev.portolan.api.embedding;

import org.jspecify.annotations.NullMarked;
