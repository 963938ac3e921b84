package io.drover.storage.block;

/** An I/O request that did not happen, or of which it is not known that it happened. */
public final class BlockIoException extends Exception {

  /** What a front end needs to know to answer in its protocol's words. */
  public enum Reason {
    /** The data could not be read or stored; for a write, the outcome may be unknown. */
    IO,
    /** No room to store it. */
    NO_SPACE,
    /** The device is read-only here, for instance because its lease is with someone else. */
    NOT_PERMITTED,
    /** The request itself makes no sense, for instance a range beyond the end. */
    INVALID,
    /** The device is being closed; the client may come back. */
    SHUTDOWN,
    /**
     * Another holder owns the disk now. The front end must end the connection, since an error code
     * would let the client believe that it may go on.
     */
    FENCED
  }

  private final Reason reason;

  public BlockIoException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public BlockIoException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** For the check that every device makes first. */
  public static void requireInside(long offsetBytes, long lengthBytes, long sizeBytes)
      throws BlockIoException {
    if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > sizeBytes - lengthBytes) {
      throw new BlockIoException(
          Reason.INVALID,
          "range of "
              + lengthBytes
              + " bytes at "
              + offsetBytes
              + " leaves a disk of "
              + sizeBytes);
    }
  }
}
