package io.drover.predictor.glitch;

/** Neighbouring samples that belong to no stable period, and what they turned out to be. */
public record UnstableGroup(Span span, Verdict verdict) {

  /** What a group is, seen from the stable periods at its sides. */
  public enum Verdict {
    /** Its sides agree: removed, the sides are one period. */
    GLITCH,
    /** Its sides do not agree: demand really changed. */
    PHASE_CHANGE,
    /** Nothing stable stands before it: the start of the history. */
    LEADING,
    /** Nothing stable follows yet: may still become either. */
    UNDECIDED
  }
}
