package io.drover.storage.attach;

/**
 * What an attachment may do.
 *
 * <pre>
 * OBSERVER --takeLease--> HOLDER --release--> RELEASED --takeLease--> HOLDER
 * HOLDER --another holder took the lease--> FENCED --takeLease--> HOLDER
 * </pre>
 */
public enum AttachState {
  /** Reads are served; writes and flushes wait for the lease. */
  OBSERVER,
  /** Reads and writes are served. */
  HOLDER,
  /**
   * The lease was given up cleanly: a late FLUSH succeeds because everything is durable, writes are
   * refused.
   */
  RELEASED,
  /** Another holder raised the epoch: every request is refused and NBD clients are disconnected. */
  FENCED
}
