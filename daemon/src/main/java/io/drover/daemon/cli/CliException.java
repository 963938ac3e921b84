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

  CliException(int exitCode, String error, String remedy) {
    super(error);
    this.exitCode = exitCode;
    this.remedy = remedy;
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

  int exitCode() {
    return exitCode;
  }

  String remedy() {
    return remedy;
  }
}
