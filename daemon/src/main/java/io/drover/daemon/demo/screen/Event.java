package io.drover.daemon.demo.screen;

/**
 * Something that people want to know of.
 *
 * @param secondsIn since the demo began
 * @param why the scheduler's explanation, or empty
 */
public record Event(long secondsIn, String what, String why) {
  /** One line without an end. */
  public String line() {
    return "%3d:%02d  %s%s"
        .formatted(secondsIn / 60, secondsIn % 60, what, why.isEmpty() ? "" : " | " + why);
  }
}
