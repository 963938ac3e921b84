package io.drover.daemon.cli;

import io.drover.storage.transfer.TransferException;

/** A command cannot be done; ends the process with an exit code after telling cause and remedy. */
public final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Something failed although the input was right. */
  static final int FAILED = 1;

  /** The input, or something outside Drover, has to be put right; nothing was changed. */
  static final int WRONG_INPUT = 2;

  private final int exitCode;
  private final String remedy;
  private final boolean absent;

  CliException(int exitCode, String error, String remedy) {
    this(exitCode, error, remedy, false);
  }

  private CliException(int exitCode, String error, String remedy, boolean absent) {
    super(error);
    this.exitCode = exitCode;
    this.remedy = remedy;
    this.absent = absent;
  }

  /** What was asked for does not exist. */
  static CliException absent(String error, String remedy) {
    return new CliException(WRONG_INPUT, error, remedy, true);
  }

  static CliException failed(String error, String remedy) {
    return new CliException(FAILED, error, remedy);
  }

  static CliException wrongInput(String error, String remedy) {
    return new CliException(WRONG_INPUT, error, remedy);
  }

  static CliException of(TransferException transfer) {
    String error = String.valueOf(transfer.getMessage());
    return switch (transfer) {
      case TransferException.Refused _ -> wrongInput(error, transfer.remedy());
      case TransferException.Failed _ -> failed(error, transfer.remedy());
    };
  }

  boolean isAbsent() {
    return absent;
  }

  int exitCode() {
    return exitCode;
  }

  String remedy() {
    return remedy;
  }
}
