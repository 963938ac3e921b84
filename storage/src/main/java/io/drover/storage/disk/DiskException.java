package io.drover.storage.disk;

import org.jspecify.annotations.Nullable;

/** A disk operation failed in a way that its caller can act on; the message is for an operator. */
public abstract sealed class DiskException extends Exception {
  private static final long serialVersionUID = 1L;

  private DiskException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** No disk or snapshot has this name or identity. */
  public static final class NotFound extends DiskException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super(message, null);
    }

    /** No such disk, with a hint where to look. */
    public static NotFound disk(String nameOrId) {
      return new NotFound("no disk '" + nameOrId + "'; `drover disk list` shows those that exist");
    }
  }

  /** The name is taken. */
  public static final class AlreadyExists extends DiskException {
    private static final long serialVersionUID = 1L;

    public AlreadyExists(String message) {
      super(message, null);
    }
  }

  /** The request contradicts itself, the policy or what the store can do. */
  public static final class Invalid extends DiskException {
    private static final long serialVersionUID = 1L;

    public Invalid(String message) {
      super(message, null);
    }
  }

  /** Something depends on the disk or snapshot, so it cannot be changed now. */
  public static final class InUse extends DiskException {
    private static final long serialVersionUID = 1L;

    public InUse(String message) {
      super(message, null);
    }
  }

  /** Only the lease holder can do this now; route the request to the node {@link #holder()}. */
  public static final class HeldElsewhere extends DiskException {
    private static final long serialVersionUID = 1L;
    private final String holder;

    public HeldElsewhere(DiskId disk, String holder, String operation) {
      super(
          operation
              + " of disk "
              + disk
              + " must be done by node "
              + holder
              + ", which holds its lease",
          null);
      this.holder = holder;
    }

    public String holder() {
      return holder;
    }
  }

  /** Too few storage nodes are alive for the policy. */
  public static final class NotEnoughNodes extends DiskException {
    private static final long serialVersionUID = 1L;

    public NotEnoughNodes(int wanted, int alive) {
      super(
          "the policy wants "
              + wanted
              + " replicas on distinct storage nodes and "
              + alive
              + " are alive; start more nodes or ask for fewer replicas",
          null);
    }
  }

  /** This process lost the lease to another holder. */
  public static final class LeaseLost extends DiskException {
    private static final long serialVersionUID = 1L;

    public LeaseLost(String message) {
      super(message, null);
    }
  }

  /**
   * ZooKeeper or too many replicas did not answer; nothing is known to be wrong with the request.
   */
  public static final class Unavailable extends DiskException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
