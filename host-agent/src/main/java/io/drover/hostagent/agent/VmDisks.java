package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.storage.attach.AttachMode;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import java.util.List;
import java.util.Optional;

/** All disks of one machine on this host, as one thing. Blocking; every call is idempotent. */
public interface VmDisks {

  /** Serves the disks here; one that is attached already keeps its mode unless it has to become a holder. */
  List<DiskAttachment> attach(List<DiskId> disks, AttachMode mode) throws DiskException;

  /** Flushes and gives up the leases. */
  void release(List<DiskId> disks) throws DiskException;

  /** Takes the leases of disks attached here. */
  void takeLeases(List<DiskId> disks) throws DiskException;

  /** Gives up the leases this host has and ends serving. */
  void detach(List<DiskId> disks) throws DiskException;

  /** Whether the lease of every disk belongs to this host according to ZooKeeper; attaches nothing. */
  boolean leasesAreOurs(List<DiskId> disks) throws DiskException;

  /** The disks attached here. */
  List<CopyView.DiskView> view(List<DiskId> disks);

  /** Why I/O does not go through now; empty if it does, so that a machine stopped by an error can go on. */
  Optional<String> trouble(List<DiskId> disks);
}
