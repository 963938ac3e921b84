package io.drover.daemon.trace;

/** A recording cannot be used; the message says which, where and why. */
public final class TraceException extends Exception {
  private static final long serialVersionUID = 1L;

  TraceException(String message) {
    super(message);
  }
}
