/**
 * What Prometheus scrapes from a node: the registry that all modules count into, as text, and the
 * counts of the node itself.
 *
 * <p>May use Prometheus' simpleclient. Invariant: names are {@code drover_<part>_<what>_<unit>},
 * and reading them changes nothing.
 */
@NullMarked
package io.drover.daemon.metrics;

import org.jspecify.annotations.NullMarked;
