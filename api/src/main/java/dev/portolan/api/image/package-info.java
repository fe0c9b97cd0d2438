/** The image port: a description, and images to start from, going in; images coming out. */
@NullMarked
package dev.portolan.api.image;

import org.jspecify.annotations.NullMarked;
