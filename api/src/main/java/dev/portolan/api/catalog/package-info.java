/** The catalogue port: which models there are, what they can do, and what they cost. */
@NullMarked
package dev.portolan.api.catalog;

import org.jspecify.annotations.NullMarked;
