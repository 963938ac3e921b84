/** Placeholder. */
@NullMarked
package io.drover.predictor;

import org.jspecify.annotations.NullMarked;
