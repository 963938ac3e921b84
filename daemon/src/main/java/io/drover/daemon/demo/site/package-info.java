/**
 * What the demo puts on the machine: a folder, a network for guests, node processes; and how all of
 * it is taken away again.
 *
 * <p>Starts programs ({@code ip}, the nodes) and writes files; knows nothing of loads, phases or
 * events. The invariant it guards: everything that is put there can be found again by the folder's
 * name alone, so that it can also be removed after the demo itself was killed.
 */
@NullMarked
package io.drover.daemon.demo.site;

import org.jspecify.annotations.NullMarked;
