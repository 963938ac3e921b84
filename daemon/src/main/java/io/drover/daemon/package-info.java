/** Placeholder. */
@NullMarked
package io.drover.daemon;

import org.jspecify.annotations.NullMarked;
