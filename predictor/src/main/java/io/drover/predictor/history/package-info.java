/**
 * Bounded demand histories, one per virtual machine and resource.
 *
 * <p>May use the JDK only. Invariant: times rise strictly and values are finite and not negative,
 * so that nothing downstream has to check again.
 */
@NullMarked
package io.drover.predictor.history;

import org.jspecify.annotations.NullMarked;
