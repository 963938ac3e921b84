/** Placeholder. */
@NullMarked
package io.drover.config;

import org.jspecify.annotations.NullMarked;
