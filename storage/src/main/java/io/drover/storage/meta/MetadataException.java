package io.drover.storage.meta;

import org.jspecify.annotations.Nullable;

/** Why the metadata could not be read or changed. */
public abstract sealed class MetadataException extends Exception {
  private static final long serialVersionUID = 1L;

  private MetadataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Somebody changed it first; nothing was changed by this call. Read again and decide anew. */
  public static final class Conflict extends MetadataException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message, null);
    }
  }

  /** The lease was taken by another holder; nothing was changed by this call. */
  public static final class LeaseTaken extends MetadataException {
    private static final long serialVersionUID = 1L;

    public LeaseTaken(String message) {
      super(message, null);
    }
  }

  /** It does not exist (any more). */
  public static final class Missing extends MetadataException {
    private static final long serialVersionUID = 1L;

    public Missing(String message) {
      super(message, null);
    }
  }

  /** No answer. A change may or may not have happened: repeat it with the same versions. */
  public static final class Unavailable extends MetadataException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
