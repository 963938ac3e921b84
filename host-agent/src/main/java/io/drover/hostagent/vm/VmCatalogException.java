package io.drover.hostagent.vm;

/** Why the catalogue could not do what it was asked; the message names the VM and what to do. */
public abstract sealed class VmCatalogException extends Exception {
  private static final long serialVersionUID = 1L;

  private VmCatalogException(String message) {
    super(message);
  }

  /** The name or the id belongs to another VM. */
  public static final class NameTaken extends VmCatalogException {
    private static final long serialVersionUID = 1L;

    public NameTaken(String message) {
      super(message);
    }
  }

  /** There is no such VM. */
  public static final class NotFound extends VmCatalogException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message) {
      super(message);
    }
  }

  /**
   * Someone else changed the record first, or its state forbids the change: read it again and
   * decide anew.
   */
  public static final class Conflict extends VmCatalogException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message);
    }
  }

  /**
   * The coordination service did not answer; whether the change happened is unknown until it is
   * read back.
   */
  public static final class Unavailable extends VmCatalogException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message);
      initCause(cause);
    }
  }
}
