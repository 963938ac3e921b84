package io.drover.storage.controller;

import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.LeaseClaim;
import io.drover.storage.meta.DiskIds;
import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.meta.Failures;
import io.drover.storage.meta.Lease;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.Versioned;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes and gives back the leases of one node, by compare-and-set in the metadata. */
public final class Leases {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private static final int ATTEMPTS = 3;

  private final ControllerContext context;

  public Leases(ControllerContext context) {
    this.context = context;
  }

  /**
   * Takes the lease with a higher epoch.
   *
   * @param seize even when another node holds it
   */
  public HeldLease take(DiskId disk, boolean seize) throws DiskException {
    return take(disk, seize, Optional.empty());
  }

  /**
   * The same by a right.
   *
   * @throws DiskException.LeaseLost when it was taken by a newer one
   */
  public HeldLease take(DiskId disk, boolean seize, Optional<LeaseClaim> claim)
      throws DiskException {
    String doing = "taking the lease of disk " + disk;
    MetadataException last = new MetadataException.Conflict("the lease keeps changing hands");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Versioned<Lease> now = context.metadata().lease(disk);
        LeaseRule.Standing standing =
            LeaseRule.standing(now.value(), context.localNode(), seize, claim);
        if (standing == LeaseRule.Standing.DELETED) {
          throw new DiskException.NotFound("disk " + disk + " is being deleted");
        }
        if (standing == LeaseRule.Standing.OUTDATED) {
          throw new DiskException.LeaseLost(
              "disk " + disk + " was taken by a newer right than " + claim.orElseThrow());
        }
        if (standing == LeaseRule.Standing.HELD_ELSEWHERE) {
          throw new DiskException.HeldElsewhere(
              disk, now.value().holder().orElseThrow(), "attachment");
        }
        return take(disk, now, standing, claim);
      } catch (MetadataException.Conflict | MetadataException.Unavailable e) {
        // After "unavailable" the lease may be ours already: then the next round finds it so.
        last = e;
      } catch (MetadataException e) {
        throw Failures.of(doing, e);
      }
    }
    throw Failures.of(doing, last);
  }

  private HeldLease take(
      DiskId disk, Versioned<Lease> now, LeaseRule.Standing standing, Optional<LeaseClaim> claim)
      throws MetadataException {
    DiskMetadata metadata = context.metadata();
    Lease next = now.value().takenBy(context.localNode(), DiskIds.token(), claim);
    long asked = System.nanoTime();
    Versioned<Lease> taken = metadata.replaceLease(disk, now.version(), next);
    log.atInfo()
        .addKeyValue("disk", disk)
        .addKeyValue("node", context.localNode())
        .addKeyValue("epoch", next.epoch())
        .addKeyValue("standing", standing)
        .addKeyValue("before", now.value().holder().orElse("none"))
        .log("lease taken");
    return new HeldLease(taken, standing.earlierMayServe(), asked, System.nanoTime());
  }

  /** Gives the lease back; the caller no longer writes, and everything it wrote is durable. */
  public void release(DiskId disk, HeldLease held) throws DiskException {
    MetadataException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Lease next = held.lease().value().released();
        Versioned<Lease> released =
            context.metadata().replaceLease(disk, held.lease().version(), next);
        log.atInfo()
            .addKeyValue("disk", disk)
            .addKeyValue("node", context.localNode())
            .addKeyValue("epoch", released.value().epoch())
            .log("lease released");
        return;
      } catch (MetadataException.Unavailable e) {
        last = e;
      } catch (MetadataException.Conflict e) {
        throw new DiskException.LeaseLost("disk " + disk + " has another holder already");
      } catch (MetadataException e) {
        throw Failures.of("releasing disk " + disk, e);
      }
    }
    throw Failures.of(
        "releasing disk " + disk,
        last == null ? new MetadataException.Conflict("it keeps changing") : last);
  }
}
