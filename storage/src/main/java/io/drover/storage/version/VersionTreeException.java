package io.drover.storage.version;

/** A change to a version tree that its state does not allow; the tree is as before. */
public final class VersionTreeException extends Exception {

  /** Why it was refused. */
  public enum Problem {
    NAME_TAKEN,
    BAD_NAME,
    NO_SUCH_SNAPSHOT,
    /** Clones read through the snapshot; they must be deleted first. */
    HAS_CLONES,
    /** The barrier that completes the snapshot has not finished. */
    NOT_SEALED,
    TOO_MANY_VERSIONS
  }

  private final Problem problem;

  public VersionTreeException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
