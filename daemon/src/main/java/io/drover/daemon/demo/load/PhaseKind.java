package io.drover.daemon.demo.load;

/** A part of the demo. */
public enum PhaseKind {
  CALM("calm: every host has something to do, none too much"),
  OVERLOAD("overload: the machines of one host want more than it has"),
  GLITCH("glitch: one machine jumps up for a moment"),
  QUIET("quiet: little to do anywhere"),
  RISE("rise: load grows beyond what three hosts hold");

  private final String words;

  PhaseKind(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
