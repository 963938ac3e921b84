package io.drover.storage.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.controller.AckRule.Progress;
import io.drover.storage.controller.LeaseRule.Standing;
import io.drover.storage.disk.Acknowledge;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.disk.LeaseClaim;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.Lease;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The controller's rules as tables, and what must hold of them for any input. */
final class ControllerRulesTest {
  private static final int RUNS = 5_000;

  private static DiskPolicy policy(int minInSync, Acknowledge acknowledge) {
    return new DiskPolicy(3, minInSync, 4096, 1 << 20, acknowledge);
  }

  // ---- AckRule

  @Test
  void acknowledgedIsWhatEveryCountedMemberHas() {
    DiskPolicy two = policy(2, Acknowledge.PAGE_CACHE);
    Progress fast = new Progress(true, 9, 4);
    Progress slow = new Progress(true, 7, 5);
    Progress joining = new Progress(false, 6, 2);
    assertThat(AckRule.acknowledged(two, List.of(fast, slow))).isEqualTo(7);
    assertThat(AckRule.acknowledged(two, List.of(fast, slow, joining))).isEqualTo(6);
    assertThat(AckRule.durable(List.of(fast, slow, joining))).isEqualTo(2);
  }

  @Test
  void belowTheMinimumNothingFurtherIsAcknowledged() {
    Progress one = new Progress(true, 9, 9);
    Progress joining = new Progress(false, 9, 9);
    assertThat(AckRule.acknowledged(policy(2, Acknowledge.PAGE_CACHE), List.of(one, joining)))
        .isEqualTo(-1);
    assertThat(AckRule.acknowledged(policy(1, Acknowledge.PAGE_CACHE), List.of())).isEqualTo(-1);
  }

  @Test
  void lastCopyAndTheDurablePolicyNeedTheMedium() {
    Progress one = new Progress(true, 9, 4);
    Progress other = new Progress(true, 8, 6);
    assertThat(AckRule.acknowledged(policy(1, Acknowledge.PAGE_CACHE), List.of(one))).isEqualTo(4);
    assertThat(AckRule.acknowledged(policy(1, Acknowledge.PAGE_CACHE), List.of(one, other)))
        .isEqualTo(8);
    assertThat(AckRule.acknowledged(policy(1, Acknowledge.DURABLE), List.of(one, other)))
        .isEqualTo(4);
  }

  @Test
  void nothingIsAcknowledgedThatACountedMemberLacks() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      List<Progress> members = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        long appended = random.nextInt(6);
        members.add(
            new Progress(random.nextBoolean(), appended, random.nextInt((int) appended + 1)));
      }
      Acknowledge mode = random.nextBoolean() ? Acknowledge.DURABLE : Acknowledge.PAGE_CACHE;
      int minimum = 1 + random.nextInt(3);
      long acknowledged = AckRule.acknowledged(policy(minimum, mode), members);
      long copies = members.stream().filter(Progress::inSync).count();
      assertThat(acknowledged >= 0)
          .as("seed %d, %s, minimum %d", seed, members, minimum)
          .isEqualTo(copies >= minimum);
      for (Progress member : members) {
        boolean medium = mode == Acknowledge.DURABLE || copies <= 1;
        assertThat(acknowledged)
            .as("seed %d, %s, minimum %d, %s", seed, members, minimum, mode)
            .isLessThanOrEqualTo(medium ? member.durable() : member.appended());
      }
    }
  }

  // ---- MembershipRule

  @Test
  void failedAreRemovedTogetherOrNotAtAll() {
    List<String> all = List.of("a", "b", "c");
    assertThat(MembershipRule.toRemove(all, Set.of("b"), 2)).containsExactly("b");
    assertThat(MembershipRule.toRemove(all, Set.of("a", "b"), 2)).isEmpty();
    assertThat(MembershipRule.toRemove(all, Set.of("a", "b"), 1)).containsExactly("a", "b");
    assertThat(MembershipRule.toRemove(all, Set.of("a", "b", "c"), 1)).isEmpty();
    assertThat(MembershipRule.toRemove(List.of("a"), Set.of("b"), 1)).isEmpty();
  }

  @Test
  void emptiedMemberLeavesWhateverTheMinimumButNeverAsTheLast() {
    ContainerMembers two = new ContainerMembers(4, List.of("a", "b", "c"), List.of("a", "b"));
    assertThat(MembershipRule.withoutEmptied(two, "a", 5))
        .isEqualTo(new ContainerMembers(5, List.of("a", "b", "c"), List.of("b")));
    assertThat(MembershipRule.withoutEmptied(two, "c", 5)).isEqualTo(two);
    ContainerMembers one = two.with(4, List.of("a"));
    assertThat(MembershipRule.withoutEmptied(one, "a", 5)).isEqualTo(one);
  }

  @Test
  void removalKeepsTheMinimumForAnySet() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> nodes = List.of("a", "b", "c", "d", "e");
    for (int run = 0; run < RUNS; run++) {
      List<String> inSync = nodes.stream().filter(_ -> random.nextBoolean()).toList();
      Set<String> failed = new HashSet<>(nodes.stream().filter(_ -> random.nextBoolean()).toList());
      int minimum = random.nextInt(6);
      List<String> leaving = MembershipRule.toRemove(inSync, failed, minimum);
      assertThat(failed).as("seed %d", seed).containsAll(leaving);
      if (!leaving.isEmpty()) {
        assertThat(inSync.size() - leaving.size())
            .as("seed %d, in sync %s, failed %s, minimum %d", seed, inSync, failed, minimum)
            .isGreaterThanOrEqualTo(Math.max(1, minimum));
      }
    }
  }

  @Test
  void localReplicaIsReadFirstAndTheOthersInTurn() {
    List<String> all = List.of("a", "b", "c");
    assertThat(MembershipRule.readOrder(all, "b", 0)).containsExactly("b", "a", "c");
    assertThat(MembershipRule.readOrder(all, "b", 1)).containsExactly("b", "c", "a");
    assertThat(MembershipRule.readOrder(all, "x", -1)).containsExactly("c", "a", "b");
    assertThat(MembershipRule.readOrder(List.of(), "x", 3)).isEmpty();
  }

  // ---- LeaseRule

  private static Lease heldBy(String node) {
    return Lease.NEVER_HELD.takenBy(node, "t");
  }

  @Test
  void standingFollowsHolderSeizureAndClaim() {
    Optional<LeaseClaim> none = Optional.empty();
    assertThat(LeaseRule.standing(Lease.NEVER_HELD, "a", false, none)).isEqualTo(Standing.FREE);
    assertThat(LeaseRule.standing(heldBy("b").released(), "a", false, none))
        .isEqualTo(Standing.FREE);
    assertThat(LeaseRule.standing(heldBy("a"), "a", false, none)).isEqualTo(Standing.OWN);
    assertThat(LeaseRule.standing(heldBy("b"), "a", false, none))
        .isEqualTo(Standing.HELD_ELSEWHERE);
    assertThat(LeaseRule.standing(heldBy("b"), "a", true, none)).isEqualTo(Standing.SEIZED);
    assertThat(LeaseRule.standing(heldBy(Lease.DELETING), "a", true, none))
        .isEqualTo(Standing.DELETED);
  }

  @Test
  void olderRightOfTheSameClaimantIsOutdatedAlsoWhenTheLeaseIsFree() {
    Lease newer = Lease.NEVER_HELD.takenBy("b", "t", Optional.of(new LeaseClaim("vm", 5)));
    Optional<LeaseClaim> old = Optional.of(new LeaseClaim("vm", 4));
    Optional<LeaseClaim> same = Optional.of(new LeaseClaim("vm", 5));
    Optional<LeaseClaim> other = Optional.of(new LeaseClaim("vm2", 1));
    assertThat(LeaseRule.standing(newer, "a", true, old)).isEqualTo(Standing.OUTDATED);
    assertThat(LeaseRule.standing(newer.released(), "a", true, old)).isEqualTo(Standing.OUTDATED);
    assertThat(LeaseRule.standing(newer, "a", true, same)).isEqualTo(Standing.SEIZED);
    assertThat(LeaseRule.standing(newer, "a", true, other)).isEqualTo(Standing.SEIZED);
  }

  @Test
  void onlyAGivenBackLeaseSaysThatNobodyServes() {
    for (Standing standing : Standing.values()) {
      assertThat(standing.earlierMayServe())
          .isEqualTo(standing == Standing.OWN || standing == Standing.SEIZED);
    }
  }
}
