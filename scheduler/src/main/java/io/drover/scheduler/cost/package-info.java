/**
 * What a live migration will take and what it costs, learned from those carried out.
 *
 * <p>May use the JDK only. Invariant: immutable data; a prediction is finite and positive, whatever
 * it was taught.
 */
@NullMarked
package io.drover.scheduler.cost;

import org.jspecify.annotations.NullMarked;
