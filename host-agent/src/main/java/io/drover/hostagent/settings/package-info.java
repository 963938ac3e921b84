/**
 * The {@code drover.agent} section as checked records. Uses only the settings reader and the enums
 * of the packages it configures.
 *
 * <p>The invariant it guards: whatever these records hold can be used as it is, without a further
 * check of ranges.
 */
@NullMarked
package io.drover.hostagent.settings;

import org.jspecify.annotations.NullMarked;
