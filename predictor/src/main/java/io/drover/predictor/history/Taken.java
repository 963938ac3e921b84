package io.drover.predictor.history;

/** What became of a sample that a history was offered. */
public enum Taken {
  /** It opened a slot: there is something new to forecast from. */
  NEW_SLOT,
  /** It was averaged into the newest slot. */
  SAME_SLOT,
  /** It repeats the time of the newest sample, or is older; left out. */
  NOT_NEWER,
  /** It is NaN, infinite or negative; left out. */
  NOT_A_DEMAND;

  /** True when the sample counts. */
  public boolean counts() {
    return switch (this) {
      case NEW_SLOT, SAME_SLOT -> true;
      case NOT_NEWER, NOT_A_DEMAND -> false;
    };
  }
}
