package io.drover.predictor.history;

/** A snapshot cannot be taken back; the message names what is damaged or does not fit. */
public final class SnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  SnapshotException(String message) {
    super(message);
  }
}
