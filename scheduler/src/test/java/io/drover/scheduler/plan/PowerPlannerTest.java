package io.drover.scheduler.plan;

import static io.drover.scheduler.plan.Cluster.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.power.PowerMemory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PowerPlannerTest {
  private static final Policy SAVING = Policies.saving();

  private static PowerMemory lowFor(Duration time) {
    return PowerMemory.fresh().withLow(true, NOW.minus(time));
  }

  /** Three hosts that two could carry easily. */
  private static Cluster quiet() {
    return new Cluster()
        .host("a", 4)
        .host("b", 4)
        .host("c", 4)
        .vm("a1", "a", 1)
        .vm("b1", "b", 1)
        .vm("c1", "c", 0.4);
  }

  private static <A extends Action> List<A> actions(Plan plan, Class<A> kind) {
    return plan.actions().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Rising by a fifth of a core a minute for the last ten minutes. */
  private static Forecast rising(double now) {
    long[] times = new long[180];
    double[] values = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      double secondsAgo = 5.0 * (times.length - 1 - i);
      times[i] = NOW.toEpochMilli() - (long) (1000 * secondsAgo);
      values[i] = Math.max(0.2, now - Math.min(secondsAgo, 600) / 300);
    }
    return new Forecaster(ForecastSettings.production())
        .forecast(Samples.of(times, values), NOW, 0);
  }

  @Test
  void lowDemandOverALongWindowSendsTheEmptiestHostToStandby() {
    Plan plan = quiet().remembering(lowFor(Duration.ofMinutes(30))).plan(SAVING);
    assertThat(actions(plan, Action.Standby.class))
        .singleElement()
        .satisfies(standby -> {
          assertThat(standby.host()).isEqualTo("c");
          assertThat(standby.explanation().benefit())
              .isGreaterThan(standby.explanation().cost() + standby.explanation().risk());
        });
    assertThat(actions(plan, Action.Move.class))
        .singleElement()
        .satisfies(move -> {
          assertThat(move.vm()).isEqualTo("c1");
          assertThat(move.purpose()).isEqualTo(Action.Purpose.CONSOLIDATE);
        });
    assertThat(plan.power().lastStandby()).contains(NOW);
  }

  @Test
  void lowDemandForAShortTimeDoesNot() {
    Plan plan = quiet().remembering(lowFor(Duration.ofMinutes(29))).plan(SAVING);
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("c")).contains("could sleep", "not yet for 30 min");
    assertThat(plan.power().lowSince()).contains(NOW.minus(Duration.ofMinutes(29)));
  }

  @Test
  void theLowSpellEndsWithTheFirstPlanThatNeedsAllHosts() {
    Plan plan =
        quiet()
            .vm("more", "a", 2.2)
            .vm("yet", "b", 2.0)
            .remembering(lowFor(Duration.ofHours(2)))
            .plan(SAVING);
    assertThat(actions(plan, Action.Standby.class)).isEmpty();
    assertThat(plan.power().lowSince()).isEmpty();
  }

  @Test
  void aHostWhoseStorageIsNeededMayNotSleep() {
    Cluster cluster =
        quiet()
            .sleepless("a", "disk d1 would fall below its policy")
            .sleepless("b", "disk d1 would fall below its policy")
            .sleepless("c", "disk d1 would fall below its policy")
            .remembering(lowFor(Duration.ofHours(2)));
    Plan plan = cluster.plan(SAVING);
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("c"))
        .contains("may not sleep, disk d1 would fall below its policy");
  }

  @Test
  void theLeastNumberOfHostsStaysOn() {
    Plan plan =
        quiet().remembering(lowFor(Duration.ofHours(2))).plan(Policies.powered(SAVING, true, 3));
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("c")).contains("3 hosts shall stay on");
  }

  @Test
  void failOverRoomKeepsAHostOn() {
    Policy safe = Policies.failover(SAVING, 1);
    Cluster cluster = quiet().remembering(lowFor(Duration.ofHours(2)));
    assertThat(actions(cluster.plan(safe), Action.Standby.class)).hasSize(1);
    Plan kept = cluster.vm("a2", "a", 1.2).plan(safe);
    assertThat(kept.actions()).isEmpty();
    assertThat(kept.hostReasons().get("c")).contains("after 1 failures");
  }

  @Test
  void aHostWithAMachineThatMayNotBeMovedStaysOn() {
    Plan plan =
        new Cluster()
            .host("a", 4)
            .host("b", 4)
            .vm("x", "a", 0.4)
            .vm("y", "b", 0.4)
            .mode("x", Mode.OFF)
            .mode("y", Mode.OFF)
            .remembering(lowFor(Duration.ofHours(2)))
            .plan(SAVING);
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("a")).contains("x cannot leave it by itself");
  }

  @Test
  void theRestAfterAWakeUpHoldsStandbyBack() {
    PowerMemory memory = lowFor(Duration.ofHours(2));
    PowerMemory woken =
        new PowerMemory(
            memory.lowSince(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(NOW.minus(Duration.ofMinutes(29))),
            List.of());
    Plan plan = quiet().remembering(woken).plan(SAVING);
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("c")).contains("too short a time ago");
  }

  @Test
  void oneHostChangesAtATime() {
    Plan plan =
        quiet()
            .host("d", 4)
            .power("d", HostPower.DRAINING)
            .vm("d1", "d", 0.2)
            .remembering(lowFor(Duration.ofHours(2)))
            .plan(SAVING);
    assertThat(actions(plan, Action.Standby.class)).isEmpty();
    assertThat(actions(plan, Action.Move.class)).extracting(Action.Move::vm).containsExactly("d1");
  }

  @Test
  void aDrainingHostIsPoweredOffWhenTheLastMachineHasLeft() {
    Cluster cluster = quiet().host("d", 4).power("d", HostPower.DRAINING);
    assertThat(actions(cluster.plan(SAVING), Action.Standby.class))
        .extracting(Action.Standby::host)
        .containsExactly("d");
    cluster.vm("d1", "a", 0.2).moving("d1", "d");
    assertThat(actions(cluster.plan(SAVING), Action.Standby.class)).isEmpty();
  }

  @Test
  void aDrainingHostThatCannotBeEmptiedIsTakenBack() {
    Plan plan =
        quiet()
            .host("d", 4)
            .power("d", HostPower.DRAINING)
            .vm("d1", "d", 0.2)
            .mode("d1", Mode.OFF)
            .plan(SAVING);
    assertThat(actions(plan, Action.Wake.class))
        .singleElement()
        .satisfies(wake -> {
          assertThat(wake.host()).isEqualTo("d");
          assertThat(wake.explanation().summary()).contains("taken back", "its mode is off");
        });
  }

  @Test
  void demandThatHasBeenHighForAWhileWakesAHost() {
    Cluster cluster =
        new Cluster()
            .host("a", 4)
            .host("z", 4)
            .power("z", HostPower.STANDBY)
            .vm("x", "a", 1.8)
            .vm("y", "a", 1.6);
    Plan first = cluster.plan(SAVING);
    assertThat(first.actions()).isEmpty();
    assertThat(first.power().highSince()).contains(NOW);
    cluster.remembering(PowerMemory.fresh().withHigh(true, NOW.minus(Duration.ofMinutes(2))));
    assertThat(actions(cluster.plan(SAVING), Action.Wake.class))
        .extracting(Action.Wake::host)
        .containsExactly("z");
  }

  @Test
  void aForecastRiseWakesAHostBeforeTheLoadIsThere() {
    Cluster cluster =
        new Cluster()
            .host("a", 4)
            .host("z", 4)
            .power("z", HostPower.STANDBY)
            // 2.8 of 4 cores now, which alone wakes nobody; 3.4 when a host woken now is ready.
            .vm("x", "a", rising(2.8))
            .remembering(PowerMemory.fresh().withHigh(true, NOW.minus(Duration.ofMinutes(2))));
    Plan plan = cluster.plan(SAVING);
    assertThat(actions(plan, Action.Wake.class))
        .singleElement()
        .satisfies(wake -> {
          assertThat(wake.explanation().summary()).contains("rising by");
          assertThat(wake.explanation().forecasts()).anyMatch(line -> line.startsWith("x: "));
        });
  }

  @Test
  void aRiseSpreadThinlyOverManyMachinesShowsInTheirSum() {
    PowerMemory memory = PowerMemory.fresh().withHigh(true, NOW.minus(Duration.ofMinutes(3)));
    for (int minute = 10; minute >= 1; minute--) {
      memory =
          memory.withTotal(
              NOW.minus(Duration.ofMinutes(minute)), 2.6 - 0.1 * minute, Duration.ofMinutes(20));
    }
    Cluster cluster = new Cluster().host("a", 4).host("z", 4).power("z", HostPower.STANDBY);
    for (int i = 0; i < 26; i++) {
      cluster.vm("v" + i, "a", 0.1);
    }
    assertThat(actions(cluster.plan(SAVING), Action.Wake.class)).isEmpty();
    Plan plan = cluster.remembering(memory).plan(SAVING);
    assertThat(plan.power().highSince()).isEmpty();
    cluster.vm("v26", "a", 0.1).vm("v27", "a", 0.1).vm("v28", "a", 0.1);
    assertThat(actions(cluster.remembering(memory).plan(SAVING), Action.Wake.class)).hasSize(1);
  }

  @Test
  void aDrainingHostIsTakenBackBeforeASleepingOneIsWoken() {
    Plan plan =
        new Cluster()
            .host("a", 4)
            .host("d", 4)
            .host("z", 4)
            .power("d", HostPower.DRAINING)
            .power("z", HostPower.STANDBY)
            .vm("x", "a", 1.8)
            .vm("y", "a", 1.8)
            .remembering(PowerMemory.fresh().withHigh(true, NOW.minus(Duration.ofMinutes(2))))
            .plan(SAVING);
    assertThat(actions(plan, Action.Wake.class)).extracting(Action.Wake::host).containsExactly("d");
    assertThat(actions(plan, Action.Move.class)).extracting(Action.Move::to).containsExactly("d");
  }

  @Test
  void aHostInMaintenanceIsNotWoken() {
    Plan plan =
        new Cluster()
            .host("a", 4)
            .host("z", 4)
            .power("z", HostPower.STANDBY)
            .maintenance("z")
            .vm("x", "a", 1.8)
            .vm("y", "a", 1.8)
            .remembering(PowerMemory.fresh().withHigh(true, NOW.minus(Duration.ofMinutes(2))))
            .plan(SAVING);
    assertThat(actions(plan, Action.Wake.class)).isEmpty();
  }

  @Test
  void inModeRecommendStandbyWaitsForApprovalAndNothingIsMovedYet() {
    Plan plan =
        quiet()
            .remembering(lowFor(Duration.ofHours(1)))
            .plan(Policies.mode(SAVING, Mode.RECOMMEND));
    assertThat(plan.actions()).hasSize(1);
    assertThat(plan.actions().getFirst().needsApproval()).isTrue();
    assertThat(plan.power().lastStandby()).isEmpty();
  }

  @Test
  void withPowerManagementOffNoHostEverSleeps() {
    Plan plan = quiet().remembering(lowFor(Duration.ofHours(9))).plan(Policies.plain());
    assertThat(plan.actions()).isEmpty();
  }
}
