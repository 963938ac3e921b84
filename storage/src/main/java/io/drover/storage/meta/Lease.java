package io.drover.storage.meta;

import io.drover.storage.disk.LeaseClaim;
import java.util.Optional;

/**
 * Who may write a disk.
 *
 * @param holder node, empty when released
 * @param epoch raised by every taking, never lowered; 0 before the first
 * @param token drawn anew at each taking, so that a process recognises its own compare-and-set
 *     after a lost connection, and not that of its node's earlier process
 * @param claim the newest right by which it was taken; it stays when the lease is given up
 */
public record Lease(Optional<String> holder, long epoch, String token, Optional<LeaseClaim> claim) {
  /** The lease of a disk that nobody has held yet. */
  public static final Lease NEVER_HELD = new Lease(Optional.empty(), 0, "", Optional.empty());

  /** Holder of a disk that is being deleted; no node can have this name. */
  public static final String DELETING = "(deleting)";

  /** The next holder's lease. */
  public Lease takenBy(String nodeId, String freshToken) {
    return takenBy(nodeId, freshToken, Optional.empty());
  }

  /** The next holder's lease; without a claim of its own the recorded one stays. */
  public Lease takenBy(String nodeId, String freshToken, Optional<LeaseClaim> own) {
    return new Lease(Optional.of(nodeId), epoch + 1, freshToken, own.or(() -> claim));
  }

  /** The same epoch with no holder; the next taking raises it. */
  public Lease released() {
    return new Lease(Optional.empty(), epoch, token, claim);
  }
}
