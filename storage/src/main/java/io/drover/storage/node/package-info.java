/**
 * A storage node as the daemon runs it: its pool, the service that offers it to other nodes, and
 * the way to the pools of others.
 *
 * <p>Uses {@code store}, {@code replica} and the list of nodes in {@code meta}. Guards: a process
 * reaches its own pool without the network, and a node's address is looked up anew before each
 * attempt to connect, so that a restarted node is found where it is now.
 */
@NullMarked
package io.drover.storage.node;

import org.jspecify.annotations.NullMarked;
