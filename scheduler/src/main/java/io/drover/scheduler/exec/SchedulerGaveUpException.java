package io.drover.scheduler.exec;

/** A scheduler was replaced, or cannot go on; its supervisor begins another. */
final class SchedulerGaveUpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchedulerGaveUpException(String message, Throwable cause) {
    super(message, cause);
  }
}
