/** Placeholder. */
@NullMarked
package io.drover.hostagent;

import org.jspecify.annotations.NullMarked;
