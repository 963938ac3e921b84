package io.drover.storage.attach;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.LeaseClaim;
import java.nio.file.Path;

/** One disk on this machine: its controller and the socket a VM's NBD client opens. */
public interface AttachedDisk {
  /** The disk's metadata as this attachment last saw it. */
  Disk disk();

  Path nbdSocket();

  String exportName();

  /**
   * Lets clients open it by TCP too, where this node listens for them: for an operator's named
   * attachment. It ends with the attachment, when the lease is lost, and when the lease is taken by
   * a right, which is a VM's.
   */
  void offerByTcp() throws DiskException;

  AttachState state();

  /** Epoch under which this attachment talks to replicas; higher after each change of holder. */
  long leaseEpoch();

  /**
   * Takes the lease from nobody, from this node's earlier process or after a release, never from
   * another live holder; recovers the replicas to one state and then serves. No effect for a
   * holder.
   *
   * @throws DiskException.HeldElsewhere when another node holds the lease
   */
  void takeLease() throws DiskException;

  /**
   * The same by a right, which is recorded with the lease.
   *
   * @throws DiskException.LeaseLost when it was taken by a newer right before
   */
  void takeLease(LeaseClaim claim) throws DiskException;

  /**
   * Takes the lease even from another node, which is fenced by it. Only for a holder that is known
   * to be dead or whose VM has lost its placement; the old holder's late writes are refused.
   */
  void seizeLease() throws DiskException;

  /**
   * The same by a right, which is recorded with the lease.
   *
   * @throws DiskException.LeaseLost when it was taken by a newer right before
   */
  void seizeLease(LeaseClaim claim) throws DiskException;

  /**
   * Gives the lease up: waits for writes in flight, flushes, and lets the next holder in. On
   * failure this attachment stays the holder. No effect when already released.
   */
  void release() throws DiskException;

  /** Ends the export and the controller; a held lease is released first if that is possible. */
  void detach();

  /** The disk's data for use inside this process, with the same rules as over NBD. */
  BlockDevice device();

  AttachHealth health();

  /**
   * Seals the current version under a name, consistent at one moment and durable on every in-sync
   * replica when this returns; writes in flight wait for the moment only. For the holder.
   */
  Disk snapshot(String name) throws DiskException;

  /** Grows the disk; NBD clients see the size when they reconnect. For the holder. */
  Disk resize(long sizeBytes) throws DiskException;
}
