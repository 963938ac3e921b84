package io.drover.hostagent.power;

/** A host could not be switched; the message says what was tried. */
public final class PowerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PowerException(String message) {
    super(message);
  }

  public PowerException(String message, Throwable cause) {
    super(message, cause);
  }
}
