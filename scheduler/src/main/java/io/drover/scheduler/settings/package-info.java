/**
 * The {@code drover.scheduler} section as checked records.
 *
 * <p>May use the settings reader and the planner's policy. The invariant it guards: whatever these
 * records hold can be used as it is, without a further check of ranges.
 */
@NullMarked
package io.drover.scheduler.settings;

import org.jspecify.annotations.NullMarked;
