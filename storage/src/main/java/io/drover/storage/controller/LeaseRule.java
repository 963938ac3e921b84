package io.drover.storage.controller;

import io.drover.storage.disk.LeaseClaim;
import io.drover.storage.meta.Lease;
import java.util.Optional;

/** Decides whether a node may take a lease. Pure. */
final class LeaseRule {
  private LeaseRule() {}

  /** What the lease is to the node that wants it. */
  enum Standing {
    /** Nobody holds it; the last holder gave it back, and had stopped before. */
    FREE,
    /** This node's name is on it, left by an earlier process or an earlier attempt. */
    OWN,
    /** Another node holds it and is to be fenced. */
    SEIZED,
    /** Another node holds it. */
    HELD_ELSEWHERE,
    /** It was taken by a newer right than the one that is claimed now. */
    OUTDATED,
    /** The disk is being deleted. */
    DELETED;

    /**
     * Whether somebody may still believe to have the disk. This includes one's own lease: an
     * earlier process of this node may have seized it from a node that it could not fence.
     */
    boolean earlierMayServe() {
      return this == OWN || this == SEIZED;
    }
  }

  static Standing standing(Lease lease, String nodeId, boolean seize, Optional<LeaseClaim> claim) {
    Optional<LeaseClaim> recorded = lease.claim();
    if (claim.isPresent() && recorded.isPresent() && claim.get().outdatedBy(recorded.get())) {
      return Standing.OUTDATED;
    }
    if (lease.holder().isEmpty()) {
      return Standing.FREE;
    }
    String holder = lease.holder().get();
    if (holder.equals(Lease.DELETING)) {
      return Standing.DELETED;
    }
    if (holder.equals(nodeId)) {
      return Standing.OWN;
    }
    return seize ? Standing.SEIZED : Standing.HELD_ELSEWHERE;
  }
}
