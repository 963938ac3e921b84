package io.drover.storage.transfer;

import org.jspecify.annotations.Nullable;

/** Why an image was not copied; the message is for an operator, and so is the remedy. */
public abstract sealed class TransferException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String remedy;

  private TransferException(String message, String remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }

  /** The request, the image or the machine is not right for it; nothing was begun. */
  public static final class Refused extends TransferException {
    private static final long serialVersionUID = 1L;

    Refused(String message, String remedy) {
      super(message, remedy, null);
    }

    Refused(String message, String remedy, Throwable cause) {
      super(message, remedy, cause);
    }
  }

  /** The copy began and broke: a file that was to be written is gone, a disk is partly written. */
  public static final class Failed extends TransferException {
    private static final long serialVersionUID = 1L;

    Failed(String message, String remedy) {
      super(message, remedy, null);
    }

    Failed(String message, String remedy, Throwable cause) {
      super(message, remedy, cause);
    }
  }
}
