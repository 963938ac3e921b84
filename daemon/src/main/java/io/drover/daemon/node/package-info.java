/**
 * One running node, assembled from the roles in its settings: {@link
 * io.drover.daemon.node.DroverNode} holds the order of start and stop.
 *
 * <p>May use every module of Drover, ZooKeeper, Curator and Pekko. Invariant: what keeps running
 * VMs alive (replica server, disk controllers, NBD) starts before and stops after what may fail or
 * be downed (cluster membership, HTTP), and stopping a node never stops a VM.
 */
@NullMarked
package io.drover.daemon.node;

import org.jspecify.annotations.NullMarked;
