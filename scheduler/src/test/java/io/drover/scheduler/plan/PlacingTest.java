package io.drover.scheduler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Starts, broken rules and hosts that are emptied for maintenance. */
class PlacingTest {
  private static <A extends Action> List<A> actions(Plan plan, Class<A> kind) {
    return plan.actions().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Cluster twoHosts() {
    return new Cluster().host("a", 4).host("b", 4).vm("a1", "a", 2).vm("b1", "b", 1);
  }

  @Test
  void aMachineWithoutAPlaceStartsOnTheLeastFullHost() {
    Plan plan = twoHosts().unplaced("new", 0.5).plan();
    assertThat(actions(plan, Action.StartVm.class))
        .singleElement()
        .satisfies(start -> {
          assertThat(start.host()).isEqualTo("b");
          assertThat(start.explanation().summary()).contains("least full");
        });
  }

  @Test
  void startsOfOnePlanSeeEachOther() {
    Plan plan = twoHosts().unplaced("n1", 1.4).unplaced("n2", 1.4).plan();
    assertThat(actions(plan, Action.StartVm.class))
        .extracting(Action.StartVm::host)
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aMachineThatFitsNowhereWaitsWithTheReasonPerHost() {
    Plan plan = twoHosts().unplaced("new", 3.5).plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.vmReasons().get("new"))
        .startsWith("waits for a place")
        .contains("a would need 5.50 of 4.00 cores")
        .contains("b would need");
  }

  @Test
  void nothingIsStartedIntoTheRoomThatFailOverNeeds() {
    Policy safe = Policies.failover(Policies.plain(), 1);
    assertThat(actions(twoHosts().unplaced("new", 0.3).plan(safe), Action.StartVm.class))
        .hasSize(1);
    Plan refused = twoHosts().unplaced("new", 0.5).plan(safe);
    assertThat(refused.actions()).isEmpty();
    assertThat(refused.vmReasons().get("new")).contains("after 1 failures");
  }

  @Test
  void aMachineWithoutAPlaceWakesAHostThatHasOne() {
    Cluster cluster = twoHosts().host("z", 4).power("z", HostPower.STANDBY).unplaced("new", 3.3);
    Plan plan = cluster.plan(Policies.saving());
    assertThat(actions(plan, Action.Wake.class)).extracting(Action.Wake::host).containsExactly("z");
    assertThat(cluster.power("z", HostPower.WAKING).plan(Policies.saving()).actions()).isEmpty();
    assertThat(
            actions(cluster.power("z", HostPower.ON).plan(Policies.saving()), Action.StartVm.class))
        .extracting(Action.StartVm::host)
        .containsExactly("z");
  }

  @Test
  void machinesThatMustBeApartAreParted() {
    Plan plan =
        twoHosts().vm("a2", "a", 0.5).rule(new PlacementRule.Apart(Set.of("a1", "a2"))).plan();
    assertThat(actions(plan, Action.Move.class))
        .singleElement()
        .satisfies(move -> {
          assertThat(move.purpose()).isEqualTo(Action.Purpose.MEND_RULE);
          assertThat(move.to()).isEqualTo("b");
          assertThat(move.explanation().summary()).contains("must not share a host");
        });
  }

  @Test
  void machinesThatMustBeTogetherComeTogether() {
    Plan plan = twoHosts().rule(new PlacementRule.Together(Set.of("a1", "b1"))).plan();
    assertThat(actions(plan, Action.Move.class)).hasSize(1);
  }

  @Test
  void aRuleThatCannotBeMendedSaysWhy() {
    Plan plan =
        twoHosts()
            .vm("a2", "a", 0.5)
            .mode("a1", Mode.OFF)
            .mode("a2", Mode.OFF)
            .rule(new PlacementRule.Apart(Set.of("a1", "a2")))
            .plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.vmReasons().get("a1")).contains("must not share", "moves are off");
  }

  @Test
  void aHostInMaintenanceIsEmptiedAndTakesNothing() {
    Plan plan = twoHosts().host("c", 4).maintenance("b").unplaced("new", 0.1).plan();
    assertThat(actions(plan, Action.Move.class))
        .singleElement()
        .satisfies(move -> {
          assertThat(move.vm()).isEqualTo("b1");
          assertThat(move.purpose()).isEqualTo(Action.Purpose.EVACUATE);
          assertThat(move.to()).isEqualTo("c");
        });
    assertThat(actions(plan, Action.StartVm.class))
        .extracting(Action.StartVm::host)
        .doesNotContain("b");
    assertThat(plan.hostReasons().get("b")).isEqualTo("is drained by an operator");
  }

  @Test
  void maintenanceGoesOnInModeRecommendSinceAnOperatorOrderedIt() {
    Plan plan = twoHosts().maintenance("b").plan(Policies.mode(Policies.plain(), Mode.RECOMMEND));
    assertThat(actions(plan, Action.Move.class)).hasSize(1).noneMatch(Action.Move::needsApproval);
  }

  @Test
  void neighboursBoundToEachOtherLeaveOneAfterTheOther() {
    Cluster cluster =
        new Cluster()
            .host("a", 4)
            .host("b", 4)
            .vm("x", "a", 0.5)
            .vm("y", "a", 0.5)
            .maintenance("a")
            .rule(new PlacementRule.Together(Set.of("x", "y")));
    assertThat(actions(cluster.plan(), Action.Move.class)).hasSize(2);
  }

  @Test
  void nothingIsPlannedForAHostThatIsNotReachable() {
    Plan plan =
        new Cluster()
            .host("a", 4)
            .host("b", 4)
            .vm("x", "a", 3)
            .vm("y", "a", 3)
            .unreachable("a")
            .plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hostReasons().get("a")).contains("not reachable");
  }
}
