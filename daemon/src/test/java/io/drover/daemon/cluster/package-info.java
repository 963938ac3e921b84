/**
 * Whole clusters as real processes on this machine, and what must hold while parts of them die.
 *
 * <p>Start at {@link io.drover.daemon.cluster.ClusterHarness}. Invariant: a cluster leaves nothing
 * behind, whatever its test did and however it ended.
 */
@NullMarked
package io.drover.daemon.cluster;

import org.jspecify.annotations.NullMarked;
