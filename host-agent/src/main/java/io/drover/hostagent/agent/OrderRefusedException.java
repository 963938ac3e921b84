package io.drover.hostagent.agent;

/** An order may not be carried out; the message says why. */
public final class OrderRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public OrderRefusedException(String message) {
    super(message);
  }

  public OrderRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
