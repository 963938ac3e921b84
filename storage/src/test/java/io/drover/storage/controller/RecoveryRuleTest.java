package io.drover.storage.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.controller.RecoveryRule.Decision;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.EpochStart;
import io.drover.storage.replica.LogPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecoveryRuleTest {
  private static final List<String> ALL = List.of("a", "b", "c");
  private static final ContainerMembers MEMBERS = new ContainerMembers(3, ALL, ALL);

  private static ContainerState log(long epoch, long sequence, long damaged) {
    return new ContainerState(
        ContainerState.Presence.PRESENT,
        new LogPosition(epoch, sequence),
        sequence,
        "boot",
        List.of(new EpochStart(epoch, 1)),
        damaged);
  }

  private static ContainerState log(long epoch, long sequence) {
    return log(epoch, sequence, 0);
  }

  private static final ContainerState ABSENT = ContainerState.absent("boot");

  @Test
  void highestLastPositionIsFollowed() {
    assertThat(
            RecoveryRule.decide(
                MEMBERS, Map.of("a", log(2, 90), "b", log(3, 10), "c", log(3, 9)), 2))
        .isEqualTo(new Decision.Follow("b", ALL, true));
  }

  @Test
  void whoDoesNotAnswerIsLeftOutAndMayStillBeRead() {
    assertThat(RecoveryRule.decide(MEMBERS, Map.of("a", log(3, 5), "c", log(3, 6)), 2))
        .isEqualTo(new Decision.Follow("c", List.of("a", "c"), false));
  }

  @Test
  void tooFewAnswersAreWaitedFor() {
    assertThat(RecoveryRule.decide(MEMBERS, Map.of("a", log(3, 5)), 2))
        .isInstanceOf(Decision.Wait.class);
    assertThat(RecoveryRule.decide(MEMBERS, Map.of(), 1)).isInstanceOf(Decision.Wait.class);
  }

  @Test
  void emptiedPoolIsUnknownAndNeitherFollowedNorWaitedFor() {
    assertThat(RecoveryRule.decide(MEMBERS, Map.of("a", ABSENT, "b", ABSENT, "c", log(3, 5)), 2))
        .isEqualTo(new Decision.Follow("c", List.of("c"), true));
    assertThat(RecoveryRule.decide(MEMBERS, Map.of("a", ABSENT, "b", ABSENT), 2))
        .isInstanceOf(Decision.Wait.class);
    assertThat(RecoveryRule.decide(MEMBERS, Map.of("a", ABSENT, "b", ABSENT, "c", ABSENT), 1))
        .isInstanceOf(Decision.Wait.class);
  }

  @Test
  void whoIsNotInSyncIsNotFollowed() {
    ContainerMembers two = MEMBERS.with(3, List.of("a", "b"));
    assertThat(RecoveryRule.decide(two, Map.of("a", log(3, 5), "b", log(3, 5), "c", log(3, 9)), 2))
        .isInstanceOfSatisfying(
            Decision.Follow.class, f -> assertThat(f.survivors()).containsExactly("a", "b"));
  }

  @Test
  void damagedLogIsBroughtUpButNotFollowed() {
    assertThat(RecoveryRule.decide(MEMBERS, Map.of("a", log(3, 9, 4), "b", log(3, 8)), 2))
        .isEqualTo(new Decision.Follow("b", List.of("a", "b"), false));
    assertThat(RecoveryRule.decide(MEMBERS, Map.of("a", log(3, 9, 4), "b", log(3, 9, 7)), 2))
        .isInstanceOf(Decision.Wait.class);
  }

  @Test
  void logIsKeptUpToTheCommonPositionAndBeforeDamage() {
    ContainerState source =
        new ContainerState(
            ContainerState.Presence.PRESENT,
            new LogPosition(4, 12),
            12,
            "boot",
            List.of(new EpochStart(2, 1), new EpochStart(4, 8)),
            0);
    assertThat(RecoveryRule.keep(log(2, 10), source)).isEqualTo(new LogPosition(2, 7));
    assertThat(RecoveryRule.keep(log(2, 5), source)).isEqualTo(new LogPosition(2, 5));
    assertThat(RecoveryRule.keep(log(2, 10, 3), source)).isEqualTo(new LogPosition(2, 2));
    assertThat(RecoveryRule.keep(log(2, 10, 9), source)).isEqualTo(new LogPosition(2, 7));
    assertThat(RecoveryRule.keep(log(2, 10, 1), source)).isEqualTo(LogPosition.EMPTY);
    assertThat(RecoveryRule.keep(log(3, 10), source)).isEqualTo(LogPosition.EMPTY);
  }

  @Test
  void sourceIsAWholeSurvivorThatNoOtherWholeOneExceeds() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int run = 0; run < 5_000; run++) {
      Map<String, ContainerState> fenced = new HashMap<>();
      for (String node : ALL) {
        switch (random.nextInt(4)) {
          case 0 -> {}
          case 1 -> fenced.put(node, ABSENT);
          default ->
              fenced.put(
                  node, log(1 + random.nextInt(2), 1 + random.nextInt(4), random.nextInt(2)));
        }
      }
      int minimum = 1 + random.nextInt(3);
      if (RecoveryRule.decide(MEMBERS, fenced, minimum) instanceof Decision.Follow follow) {
        ContainerState source = fenced.getOrDefault(follow.source(), ABSENT);
        assertThat(source).as("seed %d, %s", seed, fenced).isNotEqualTo(ABSENT);
        assertThat(source.damagedSequence()).as("seed %d, %s", seed, fenced).isZero();
        assertThat(follow.survivors()).contains(follow.source());
        for (String node : follow.survivors()) {
          ContainerState state = fenced.getOrDefault(node, ABSENT);
          assertThat(state.presence()).isEqualTo(ContainerState.Presence.PRESENT);
          assertThat(state.damagedSequence() > 0 || state.last().compareTo(source.last()) <= 0)
              .as("seed %d, %s", seed, fenced)
              .isTrue();
        }
      }
    }
  }
}
