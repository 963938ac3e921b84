package io.drover.storage.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.disk.DiskException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReplicaPlacementTest {
  @Test
  void leastUsedNodesAreChosenAndNamesDecideBetweenEqualOnes() throws Exception {
    assertThat(ReplicaPlacement.place(2, 2, List.of("d", "c", "b", "a"), Map.of("a", 5, "c", 1)))
        .extracting(ContainerMembers::replicas)
        .containsExactly(List.of("b", "d"), List.of("b", "c"));
  }

  @Test
  void tooFewNodesAreRefused() {
    assertThatThrownBy(() -> ReplicaPlacement.place(1, 3, List.of("a", "b"), Map.of()))
        .isInstanceOf(DiskException.NotEnoughNodes.class);
  }

  @Test
  void placesAreDistinctLiveAndEven() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int run = 0; run < 500; run++) {
      List<String> live = IntStream.range(0, 1 + random.nextInt(6)).mapToObj(i -> "n" + i).toList();
      int replicas = 1 + random.nextInt(live.size());
      List<ContainerMembers> placed =
          ReplicaPlacement.place(1 + random.nextInt(20), replicas, live, Map.of());
      Map<String, Integer> use = new HashMap<>();
      live.forEach(node -> use.put(node, 0));
      for (ContainerMembers members : placed) {
        assertThat(members.replicas())
            .as("seed %d", seed)
            .hasSize(replicas)
            .doesNotHaveDuplicates();
        assertThat(members.inSync()).isEqualTo(members.replicas());
        assertThat(live).containsAll(members.replicas());
        members.replicas().forEach(node -> use.merge(node, 1, Integer::sum));
      }
      int most = use.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
      int least = use.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
      assertThat(most - least).as("seed %d, use %s", seed, use).isLessThanOrEqualTo(1);
    }
  }
}
