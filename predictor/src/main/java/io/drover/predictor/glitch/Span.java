package io.drover.predictor.glitch;

/** Sample indices from {@code from} (inside) to {@code to} (outside). */
public record Span(int from, int to) {
  public Span {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "span is [" + from + ", " + to + "); accepted: 0 <= from < to");
    }
  }

  public int length() {
    return to - from;
  }
}
