package io.drover.hostagent.host;

/** Why a host's record could not be read or changed. */
public abstract sealed class HostCatalogException extends Exception {
  private static final long serialVersionUID = 1L;

  private HostCatalogException(String message) {
    super(message);
  }

  /** Someone else changed the record first: read it again and decide anew. */
  public static final class Conflict extends HostCatalogException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message);
    }
  }

  /**
   * The coordination service did not answer; whether the change happened is unknown until it is
   * read back.
   */
  public static final class Unavailable extends HostCatalogException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message);
      initCause(cause);
    }
  }
}
