package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.LeaseClaim;
import java.util.List;
import java.util.Optional;

/**
 * All disks of one machine on this host, as one thing. Blocking; every call is idempotent.
 *
 * <p>Leases are taken by a right ({@link #placed}, {@link #arriving}): an agent that stood still
 * between its look at the machine's placement and its reach for the lease must not get it when the
 * machine was given to another host meanwhile.
 */
public interface VmDisks {

  /**
   * The right of the host that a placement names. It counts as much as that of a destination to
   * which the machine is on its way, so that a move can be undone; but less than that of any host
   * the machine is given to otherwise, because taking a place away raises the epoch, too.
   */
  static LeaseClaim placed(VmPlacement placement) {
    return new LeaseClaim(placement.vm().value(), placement.placementEpoch() + 1);
  }

  /** The right of a destination whose copy carries this epoch. */
  static LeaseClaim arriving(VmId vm, long placementEpoch) {
    return new LeaseClaim(vm.value(), placementEpoch);
  }

  /** Serves the disks here, as observer where nothing else was asked of an attachment before. */
  List<DiskAttachment> attach(List<DiskId> disks) throws DiskException;

  /** Takes the leases of attached disks from nobody, or from this node's earlier process. */
  void takeLeases(List<DiskId> disks, LeaseClaim claim) throws DiskException;

  /**
   * Takes the leases of attached disks from whoever has them. Only for a machine whose placement
   * names this host while no move of it is under way.
   */
  void seizeLeases(List<DiskId> disks, LeaseClaim claim) throws DiskException;

  /** Flushes and gives up the leases. */
  void release(List<DiskId> disks) throws DiskException;

  /** Gives up the leases this host has and ends serving. */
  void detach(List<DiskId> disks) throws DiskException;

  /**
   * Whether the lease of every disk belongs to this node according to ZooKeeper; attaches nothing.
   */
  boolean leasesAreOurs(List<DiskId> disks) throws DiskException;

  /** The disks attached here. */
  List<CopyView.DiskView> view(List<DiskId> disks);

  /**
   * Why I/O does not go through now; empty if it does, so that a machine stopped by an error can go
   * on.
   */
  Optional<String> trouble(List<DiskId> disks);
}
