package io.drover.storage.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a replica did not do what it was asked; a closed set, because each asks its caller for
 * something else.
 */
public abstract sealed class ReplicaException extends Exception {

  private ReplicaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  private ReplicaException(String message) {
    this(message, null);
  }

  /** The caller's epoch is over: someone with a higher one has spoken to this replica. */
  public static final class Fenced extends ReplicaException {
    private final long epoch;

    public Fenced(ContainerId container, long callerEpoch, long epoch) {
      super("container " + container + ": epoch " + callerEpoch + " is fenced by epoch " + epoch);
      this.epoch = epoch;
    }

    public Fenced(String message, long epoch) {
      super(message);
      this.epoch = epoch;
    }

    /** The replica's epoch. */
    public long epoch() {
      return epoch;
    }
  }

  /** The record does not follow the last one; compare positions before going on. */
  public static final class Gap extends ReplicaException {
    private final LogPosition last;

    public Gap(ContainerId container, LogPosition offered, LogPosition last) {
      super("container " + container + ": " + offered + " does not follow the last record " + last);
      this.last = last;
    }

    public Gap(String message, LogPosition last) {
      super(message);
      this.last = last;
    }

    public LogPosition last() {
      return last;
    }
  }

  /**
   * The replica has not yet what is asked for: a sealed snapshot, or a flush beyond its last
   * record.
   */
  public static final class Behind extends ReplicaException {
    private final LogPosition last;

    public Behind(ContainerId container, long wantedSequence, LogPosition last) {
      super(
          "container "
              + container
              + ": sequence "
              + wantedSequence
              + " is wanted, the log ends at "
              + last);
      this.last = last;
    }

    public Behind(String message, LogPosition last) {
      super(message);
      this.last = last;
    }

    public LogPosition last() {
      return last;
    }
  }

  /** The log does not hold the given position: find the common one and cut there. */
  public static final class Diverged extends ReplicaException {
    private final LogPosition last;

    public Diverged(ContainerId container, LogPosition wanted, LogPosition last) {
      super(
          "container " + container + ": the log does not hold " + wanted + ", it ends at " + last);
      this.last = last;
    }

    public Diverged(String message, LogPosition last) {
      super(message);
      this.last = last;
    }

    public LogPosition last() {
      return last;
    }
  }

  /**
   * The replica does not know the container (a new or emptied pool); this is not the same as an
   * empty log.
   */
  public static final class Absent extends ReplicaException {
    public Absent(ContainerId container) {
      this("container " + container + " is not in this pool");
    }

    public Absent(String message) {
      super(message);
    }
  }

  /** Blocks fail their checksum: read them from a peer and repair them here. */
  public static final class BadBlock extends ReplicaException {
    private final List<BlockReference> blocks;

    public BadBlock(ContainerId container, List<BlockReference> blocks) {
      this("container " + container + ": checksum does not match for " + blocks, blocks);
    }

    public BadBlock(String message, List<BlockReference> blocks) {
      super(message);
      this.blocks = List.copyOf(blocks);
    }

    public List<BlockReference> blocks() {
      return blocks;
    }
  }

  /**
   * Records that were durable cannot be read: cut the log to just before {@link #sequence} and
   * catch up from a peer.
   */
  public static final class Damaged extends ReplicaException {
    private final long sequence;

    public Damaged(ContainerId container, long sequence) {
      this("container " + container + ": the log is damaged from sequence " + sequence, sequence);
    }

    public Damaged(String message, long sequence) {
      super(message);
      this.sequence = sequence;
    }

    public long sequence() {
      return sequence;
    }
  }

  /**
   * The data of a repair is not what the record held, because the block was written again: read it
   * anew.
   */
  public static final class Superseded extends ReplicaException {
    public Superseded(String message) {
      super(message);
    }
  }

  /** The pool is full; the same append may be tried again when there is room. */
  public static final class NoSpace extends ReplicaException {
    public NoSpace(String message) {
      super(message);
    }
  }

  /**
   * The disk under the pool failed; the container takes no more writes until its node is restarted
   * or it is rebuilt.
   */
  public static final class StoreFailed extends ReplicaException {
    public StoreFailed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * No answer: not connected, connection lost, or timed out. Whether the call was carried out is
   * unknown.
   */
  public static final class Unreachable extends ReplicaException {
    public Unreachable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The call itself is wrong (a fault in the caller or in the protocol). */
  public static final class Invalid extends ReplicaException {
    public Invalid(String message) {
      super(message);
    }
  }
}
