package io.drover.daemon.demo.record;

import io.drover.daemon.demo.load.PhaseKind;
import io.drover.daemon.demo.load.PhaseLoads;
import java.util.Optional;

/**
 * A phase as it went.
 *
 * @param subject the overloaded host, or the VM with the glitch
 * @param actionMillis when that which gives the phase its name began
 * @param actionEndMillis when it had reached its end
 * @param endMillis {@link #OPEN} while the phase goes on
 */
public record PhaseSpan(
    PhaseKind kind,
    Optional<String> subject,
    long startMillis,
    long actionMillis,
    long actionEndMillis,
    long endMillis) {
  public static final long OPEN = Long.MAX_VALUE;

  /** A phase that begins now. */
  public static PhaseSpan begin(PhaseLoads loads, long nowMillis) {
    return new PhaseSpan(
        loads.kind(),
        loads.subject(),
        nowMillis,
        nowMillis + loads.action().toMillis(),
        nowMillis + loads.actionEnd().toMillis(),
        OPEN);
  }

  /** The same, ended. */
  public PhaseSpan end(long nowMillis) {
    return new PhaseSpan(kind, subject, startMillis, actionMillis, actionEndMillis, nowMillis);
  }

  public boolean contains(long atMillis) {
    return atMillis >= startMillis && atMillis < endMillis;
  }
}
