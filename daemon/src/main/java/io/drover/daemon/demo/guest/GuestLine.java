package io.drover.daemon.demo.guest;

import java.util.regex.Pattern;

/** One line that a guest sends to the collector. */
public sealed interface GuestLine {
  /** First line of a connection. */
  record Hello(String name) implements GuestLine {}

  /** A sign of life, ten a second. */
  record Beat(long number) implements GuestLine {}

  /**
   * What the guest does and has found, about once a second.
   *
   * @param verdictRound every round up to this one was looked at for the verdict
   */
  record State(int loadMillicores, Verdict verdict, long verdictRound) implements GuestLine {}

  /** Something else. */
  record Unknown(String line) implements GuestLine {}

  /** Reads a line; never fails. */
  static GuestLine parse(String line) {
    String[] words = Words.BLANKS.split(line.strip(), -1);
    try {
      return switch (words[0]) {
        case "hello" -> words.length == 2 ? new Hello(words[1]) : new Unknown(line);
        case "beat" -> words.length == 2 ? new Beat(Long.parseLong(words[1])) : new Unknown(line);
        case "state" -> words.length == 8 ? state(words) : new Unknown(line);
        // A string has no closed set of cases.
        default -> new Unknown(line);
      };
    } catch (NumberFormatException notANumber) {
      return new Unknown(line);
    }
  }

  private static State state(String[] words) {
    return new State(
        Integer.parseInt(words[1]),
        new Verdict(
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            Long.parseLong(words[4]),
            Long.parseLong(words[5]),
            Long.parseLong(words[6])),
        Long.parseLong(words[7]));
  }

  /** Holds the pattern, since an interface's fields would be public. */
  final class Words {
    private static final Pattern BLANKS = Pattern.compile(" +");

    private Words() {}
  }
}
