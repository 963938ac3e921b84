package io.drover.scheduler.exec;

import io.drover.predictor.forecast.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Holds forecasts against what came, so that operators can see how far they are to be trusted. */
final class ForecastLedger {
  private static final int PENDING_PER_VM = 64;
  private static final int REMEMBERED = 512;

  private final Duration ahead;
  private final double quantile;
  private final Map<String, ArrayDeque<Promise>> pending = new HashMap<>();
  private final ArrayDeque<Result> results = new ArrayDeque<>();

  private record Promise(Instant due, double middle, double high) {}

  private record Result(double error, boolean covered) {}

  /**
   * @param ahead how far ahead forecasts are held against what came
   * @param quantile the one that should not be exceeded
   */
  ForecastLedger(Duration ahead, double quantile) {
    this.ahead = ahead;
    this.quantile = quantile;
  }

  /** Remembers what a forecast says. */
  void promise(String vm, Forecast forecast) {
    if (!forecast.decided()) {
      return;
    }
    ArrayDeque<Promise> promises = pending.computeIfAbsent(vm, ignored -> new ArrayDeque<>());
    if (promises.size() < PENDING_PER_VM) {
      promises.addLast(
          new Promise(
              forecast.madeAt().plus(ahead),
              forecast.quantile(0.5, ahead),
              forecast.quantile(quantile, ahead)));
    }
  }

  /** What came. */
  void came(String vm, Instant at, double cores) {
    ArrayDeque<Promise> promises = pending.get(vm);
    while (promises != null && !promises.isEmpty() && !promises.getFirst().due().isAfter(at)) {
      Promise due = promises.removeFirst();
      // One that came due long ago, while the machine stood still, was about another time.
      if (Duration.between(due.due(), at).compareTo(ahead) < 0) {
        results.addLast(new Result(Math.abs(cores - due.middle()), cores <= due.high()));
      }
      if (results.size() > REMEMBERED) {
        results.removeFirst();
      }
    }
  }

  /** Mean distance of the middle forecast from what came, in cores; 0 while nothing came. */
  double meanErrorCores() {
    return results.stream().mapToDouble(Result::error).average().orElse(0);
  }

  /** Share of what came that was not above the quantile; 1 while nothing came. */
  double covered() {
    return results.stream().mapToDouble(result -> result.covered() ? 1 : 0).average().orElse(1);
  }

  void keepOnly(Set<String> vms) {
    pending.keySet().retainAll(vms);
  }
}
