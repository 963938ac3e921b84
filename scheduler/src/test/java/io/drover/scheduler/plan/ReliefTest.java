package io.drover.scheduler.plan;

import static io.drover.scheduler.plan.Cluster.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.history.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReliefTest {
  /** Host a needs 4.2 of 4 cores, b has much room, c little. */
  private static Cluster overloaded() {
    return new Cluster()
        .host("a", 4)
        .host("b", 4)
        .host("c", 4)
        .vm("big", "a", 2.4)
        .vm("mid", "a", 1.0)
        .vm("small", "a", 0.8)
        .vm("b1", "b", 0.5)
        .vm("c1", "c", 3.0);
  }

  private static List<Action.Move> moves(Plan plan) {
    return plan.actions().stream()
        .filter(Action.Move.class::isInstance)
        .map(Action.Move.class::cast)
        .toList();
  }

  private static Cluster only(String vm, double cores, Forecast cpu) {
    return new Cluster().host("a", 4).host("b", 4).vm("x", "a", cores).vm(vm, "a", cpu);
  }

  @Test
  void anOverloadedHostIsRelievedByOneMoveToWhereThereIsRoom() {
    List<Action.Move> moves = moves(overloaded().plan());
    assertThat(moves).hasSize(1);
    Action.Move move = moves.getFirst();
    assertThat(move.from()).isEqualTo("a");
    assertThat(move.to()).isEqualTo("b");
    assertThat(move.purpose()).isEqualTo(Action.Purpose.RELIEVE_OVERLOAD);
    assertThat(move.needsApproval()).isFalse();
  }

  @Test
  void theMoveExplainsForecastsCostBenefitRiskAndWhatLost() {
    Explanation why = moves(overloaded().plan()).getFirst().explanation();
    assertThat(why.summary()).contains("a needs 4.20 of 4.00 cores (target 3.40)");
    assertThat(why.forecasts())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("big: steady at 2.40 cores"));
    assertThat(why.benefit()).isGreaterThan(1.2 * (why.cost() + why.risk()));
    assertThat(why.cost()).isPositive();
    assertThat(why.alternatives())
        .extracting(Explanation.Alternative::what)
        .anyMatch(what -> what.endsWith("to c"))
        .hasSizeGreaterThanOrEqualTo(3);
    assertThat(why.alternatives()).allMatch(other -> !other.whyNot().isBlank());
  }

  @Test
  void aHostBelowItsTargetIsLeftAlone() {
    Plan plan = new Cluster().host("a", 4).host("b", 4).vm("x", "a", 2).vm("y", "a", 1.3).plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.vmReasons().get("x")).contains("nothing to gain");
    assertThat(plan.hostReasons()).containsOnlyKeys("a", "b");
  }

  @Test
  void aPhaseThatJustBeganIsNotWorthAMoveYet() {
    Forecast young = Forecast.steady(NOW, NOW.minusMillis(500), 3);
    Cluster cluster =
        new Cluster().host("a", 4).host("b", 4).vm("x", "a", young).vm("y", "a", young);
    Plan plan = cluster.plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("a")).contains("no move is possible and worth its cost");
  }

  @Test
  void aSpikeThatMayBeAGlitchMovesNothingAndTheReasonSaysSo() {
    ForecastSettings settings = ForecastSettings.production();
    double[] values = new double[60];
    long[] times = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < values.length - settings.minStableSamples() + 1 ? 1 : 4;
      times[i] = NOW.toEpochMilli() - 5000L * (values.length - 1 - i);
    }
    Forecast spike = new Forecaster(settings).forecast(Samples.of(times, values), NOW, 0);
    Plan plan = only("y", 1, spike).plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("a")).contains("may be a glitch");
  }

  @Test
  void aMachineThatWasMovedLatelyRests() {
    Cluster cluster = overloaded();
    for (String vm : List.of("big", "mid", "small")) {
      cluster.lastMoved(vm, Duration.ofMinutes(9));
    }
    assertThat(cluster.plan().actions()).isEmpty();
    assertThat(cluster.plan().vmReasons().get("small")).contains("rests until");
    cluster.lastMoved("small", Duration.ofMinutes(10));
    assertThat(moves(cluster.plan())).extracting(Action.Move::vm).containsExactly("small");
  }

  @Test
  void inModeRecommendMovesWaitForApproval() {
    Plan plan = overloaded().plan(Policies.mode(Policies.plain(), Mode.RECOMMEND));
    assertThat(moves(plan)).hasSize(1).allMatch(Action.Move::needsApproval);
  }

  @Test
  void aMachinesStricterModeHoldsAndOthersGoBeforeIt() {
    Cluster cluster = overloaded().mode("big", Mode.OFF).mode("mid", Mode.RECOMMEND);
    List<Action.Move> moves = moves(cluster.plan());
    assertThat(moves).extracting(Action.Move::vm).containsExactly("small");
    assertThat(moves.getFirst().needsApproval()).isFalse();
  }

  @Test
  void inModeOffNothingIsMoved() {
    assertThat(overloaded().plan(Policies.mode(Policies.plain(), Mode.OFF)).actions()).isEmpty();
  }

  @Test
  void aMachineThatDirtiesMemoryFasterThanTheLinkIsNotMoved() {
    Cluster cluster = overloaded();
    for (String vm : List.of("big", "mid", "small")) {
      cluster.shape(vm, 1L << 30, 0, 200 << 20);
    }
    assertThat(cluster.plan().actions()).isEmpty();
  }

  @Test
  void memoryReservationsAndPlatformsAreKept() {
    assertThat(moves(overloaded().shape("b1", 63L << 30, 0, 0).plan()))
        .noneMatch(move -> move.to().equals("b"));
    assertThat(
            moves(overloaded().shape("b1", 1L << 30, 4, 0).shape("mid", 1L << 30, 0.5, 0).plan()))
        .noneMatch(move -> move.vm().equals("mid") && move.to().equals("b"));
  }

  @Test
  void aMachineUnderWayCountsOnBothHosts() {
    // b is promised to a machine that is on its way, so that only 0.6 cores are left of it.
    Cluster cluster = overloaded().vm("coming", "c", 2.9).moving("coming", "b");
    assertThat(moves(cluster.plan()))
        .noneMatch(move -> move.to().equals("b"))
        .noneMatch(move -> move.vm().equals("coming"));
  }

  @Test
  void movesThatTouchOneHostAreLimited() {
    Cluster cluster =
        new Cluster()
            .host("a", 4)
            .host("b", 8)
            .host("c", 8)
            .vm("x1", "a", 1.5)
            .vm("x2", "a", 1.5)
            .vm("x3", "a", 1.5)
            .vm("x4", "a", 1.5);
    assertThat(moves(cluster.plan(Policies.concurrent(Policies.plain(), 8, 1)))).hasSize(1);
    assertThat(moves(cluster.plan(Policies.concurrent(Policies.plain(), 8, 2)))).hasSize(2);
    assertThat(moves(cluster.plan(Policies.concurrent(Policies.plain(), 1, 2)))).hasSize(1);
  }

  @Test
  void rulesAreKeptAlthoughTheMoveWouldPay() {
    assertThat(
            moves(
                overloaded()
                    .rule(new PlacementRule.Apart(Set.of("small", "b1")))
                    .rule(new PlacementRule.Apart(Set.of("small", "c1")))
                    .rule(new PlacementRule.NeverOn(Set.of("mid"), Set.of("b", "c")))
                    .rule(new PlacementRule.OnlyOn(Set.of("big"), Set.of("a", "c")))
                    .plan()))
        .isEmpty();
  }

  @Test
  void whenNothingFitsTheReasonIsGiven() {
    Plan plan = new Cluster().host("a", 4).host("b", 4).vm("x", "a", 3.9).vm("y", "b", 3).plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("a")).startsWith("overloaded");
    assertThat(plan.vmReasons().get("x")).contains("although it is overloaded");
  }
}
