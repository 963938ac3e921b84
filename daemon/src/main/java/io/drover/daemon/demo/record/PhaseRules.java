package io.drover.daemon.demo.record;

import java.time.Duration;
import java.util.List;

/**
 * Decides when a phase has lasted long enough: when what it is for has happened, or when waiting
 * longer makes no sense.
 */
public final class PhaseRules {
  private static final Duration CALM = Duration.ofSeconds(26);
  private static final Duration SETTLED = Duration.ofSeconds(5);

  // For a machine that has other work, too; on a quiet one a phase ends long before, by its event.
  private static final Duration OVERLOAD_LIMIT = Duration.ofSeconds(100);
  private static final Duration QUIET_LIMIT = Duration.ofMinutes(3);
  private static final Duration RISE_LIMIT = Duration.ofSeconds(40);

  private PhaseRules() {}

  /** Whether the phase that goes on may end now. */
  public static boolean finished(Recording soFar, PhaseSpan phase, long nowMillis) {
    long elapsed = nowMillis - phase.startMillis();
    List<Look> looks = soFar.looks(phase);
    boolean moving = looks.isEmpty() || looks.getLast().vms().stream().anyMatch(v -> !v.running());
    return switch (phase.kind()) {
      case CALM -> elapsed >= CALM.toMillis() && !moving;
      case OVERLOAD ->
          elapsed >= OVERLOAD_LIMIT.toMillis()
              || (Judge.overloadRelieved(soFar, phase).happened() && !moving);
      case GLITCH ->
          nowMillis >= phase.actionEndMillis() + Judge.GLITCH_WATCH_MILLIS + SETTLED.toMillis();
      case QUIET ->
          elapsed >= QUIET_LIMIT.toMillis()
              || settled(looks, nowMillis, Judge.standby(soFar, phase));
      case RISE ->
          nowMillis >= phase.actionEndMillis() + RISE_LIMIT.toMillis()
              || (nowMillis >= phase.actionEndMillis()
                  && Judge.wokenInTime(soFar, phase).happened()
                  && !moving
                  && !looks.getLast().overloaded());
    };
  }

  /**
   * A host sleeps, and has for some time. One that was woken again too early does not count: a rise
   * must find a host asleep.
   */
  private static boolean settled(List<Look> looks, long nowMillis, Finding standby) {
    long since = nowMillis;
    for (Look look : looks.reversed()) {
      if (look.hosts().stream().noneMatch(HostSeen::asleep)) {
        break;
      }
      since = look.atMillis();
    }
    return standby.happened() && nowMillis - since >= SETTLED.toMillis();
  }
}
