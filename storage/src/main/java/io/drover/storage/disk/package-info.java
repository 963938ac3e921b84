/**
 * What a virtual disk is to everybody outside the store: its identity, policy and catalogue.
 *
 * <p>Records and interfaces only; may use the version tree, never ZooKeeper, sockets or the
 * controller.
 *
 * <p>Invariant: a {@link io.drover.storage.disk.Disk} can only be constructed valid, so nobody
 * after the constructor checks sizes, names or policies again.
 */
@NullMarked
package io.drover.storage.disk;

import org.jspecify.annotations.NullMarked;
