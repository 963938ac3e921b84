package io.drover.hostagent.agent;

/** A step cannot be done as things stand on this host; the message says why. */
final class StepException extends Exception {
  private static final long serialVersionUID = 1L;

  StepException(String message) {
    super(message);
  }
}
