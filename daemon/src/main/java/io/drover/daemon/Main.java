package io.drover.daemon;

import io.drover.daemon.cli.DroverCommand;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends with its exit code: 0 done, 1 failed, 2 wrong input or something has to
   * be put right first.
   */
  public static void main(String[] arguments) {
    System.exit(DroverCommand.run(arguments, System.out, System.err));
  }
}
