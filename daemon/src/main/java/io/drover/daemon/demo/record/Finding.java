package io.drover.daemon.demo.record;

/**
 * Whether an event happened, and what shows it or is lacking.
 *
 * @param why a sentence without its full stop
 */
public record Finding(boolean happened, String why) {
  static Finding yes(String why) {
    return new Finding(true, why);
  }

  static Finding no(String why) {
    return new Finding(false, why);
  }
}
