/**
 * The HTTP interface of a node: JSON below {@code /v1}, metrics at {@code /metrics}. Any node
 * answers any request, by asking the scheduler, by reading ZooKeeper, or by passing the request on
 * to the node that holds a disk's lease.
 *
 * <p>May use the modules' public interfaces and Pekko HTTP; knows no command line. Start at {@link
 * io.drover.daemon.api.ApiRouter}. Invariant: a request that is refused has changed nothing, and
 * its answer names cause and remedy.
 */
@NullMarked
package io.drover.daemon.api;

import org.jspecify.annotations.NullMarked;
