package io.drover.predictor.glitch;

import java.util.List;

/**
 * Samples that stay within the threshold of one baseline, after the glitches inside were removed.
 *
 * @param baseline the value the samples are compared with: that of the first of the joined runs
 * @param runs what is left of the period when its glitches are cut out; half-open, in order, at
 *     least one
 */
public record StablePeriod(double baseline, List<Span> runs) {
  public StablePeriod {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("runs is empty; accepted: at least one");
    }
  }

  /** Index of the period's first sample. */
  public int from() {
    return runs.getFirst().from();
  }

  /** Index after the period's last sample. */
  public int to() {
    return runs.getLast().to();
  }

  /** How many samples the period has without its glitches. */
  public int samples() {
    int sum = 0;
    for (Span run : runs) {
      sum += run.length();
    }
    return sum;
  }
}
