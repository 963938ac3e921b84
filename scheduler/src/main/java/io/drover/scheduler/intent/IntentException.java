package io.drover.scheduler.intent;

/** Why an intent was not recorded. */
public abstract sealed class IntentException extends Exception {
  private static final long serialVersionUID = 1L;

  private IntentException(String message) {
    super(message);
  }

  /** Another scheduler has taken over; this one must stop deciding. */
  public static final class Fenced extends IntentException {
    private static final long serialVersionUID = 1L;

    public Fenced(String message) {
      super(message);
    }
  }

  /** The machine is part of another open intent, or its placement was changed by someone. */
  public static final class Conflict extends IntentException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message);
    }
  }

  /** ZooKeeper did not answer; whether the change happened is unknown until it is read back. */
  public static final class Unavailable extends IntentException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message);
      initCause(cause);
    }
  }
}
