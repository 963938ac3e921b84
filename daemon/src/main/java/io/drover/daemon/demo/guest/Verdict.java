package io.drover.daemon.demo.guest;

/**
 * What a guest found on its disk.
 *
 * @param round last acknowledged round of writes
 * @param blocksVerified blocks read back and found as they must be, each counted in every pass
 * @param lost blocks that were acknowledged and are gone or damaged
 * @param stale blocks that hold older data than was acknowledged
 * @param errors requests that failed in the guest's sight
 */
public record Verdict(long round, long blocksVerified, long lost, long stale, long errors) {
  public static final Verdict NONE = new Verdict(0, 0, 0, 0, 0);

  /** Nothing wrong, and something looked at. */
  public boolean clean() {
    return blocksVerified > 0 && lost == 0 && stale == 0 && errors == 0;
  }

  /** Sums up two guests, or two lives of one. */
  public Verdict plus(Verdict other) {
    return new Verdict(
        Math.max(round, other.round),
        blocksVerified + other.blocksVerified,
        lost + other.lost,
        stale + other.stale,
        errors + other.errors);
  }
}
