package io.drover.storage.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Blocks stored by version and read along the tree's paths give what a model gives that copies the
 * whole disk at each snapshot, whatever order the changes come in, and garbage is never missed.
 */
final class VersionTreePropertyTest {
  private static final int BLOCKS = 12;
  private static final int STEPS = 300;

  static List<Long> seeds() {
    return new Random(20_260_101).longs(60).boxed().toList();
  }

  /** The naive truth: contents, copied. */
  private static final class CopyingModel {
    Map<Integer, Integer> live = new HashMap<>();
    final Map<String, Map<Integer, Integer>> snapshots = new HashMap<>();
  }

  private record Key(int block, int version) {}

  /** What replicas keep, with the tree above it. */
  private static final class VersionedStore {
    VersionTree tree = VersionTree.initial();
    final Map<Key, Integer> stored = new HashMap<>();
    final Set<Integer> everCurrent = new HashSet<>(Set.of(VersionTree.FIRST_VERSION));

    Map<Integer, Integer> read(int version) {
      Map<Integer, Integer> content = new HashMap<>();
      int[] path = tree.pathToRoot(version);
      for (int block = 0; block < BLOCKS; block++) {
        for (int candidate : path) {
          Integer value = stored.get(new Key(block, candidate));
          if (value != null) {
            content.put(block, value);
            break;
          }
        }
      }
      return content;
    }

    void become(VersionTree changed, boolean newVersion) {
      tree = changed;
      if (newVersion) {
        assertThat(everCurrent.add(tree.current()))
            .as("version %d is new", tree.current())
            .isTrue();
      }
    }

    void reclaim() {
      stored.keySet().removeIf(key -> !tree.contains(key.version()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsAlongThePathGiveWhatCopyingGives(long seed) throws Exception {
    Random random = new Random(seed);
    CopyingModel model = new CopyingModel();
    VersionedStore store = new VersionedStore();
    for (int step = 0; step < STEPS; step++) {
      change(random, step, model, store);
      assertThat(store.read(store.tree.current())).as("step %d", step).isEqualTo(model.live);
      for (Snapshot snapshot : store.tree.snapshots()) {
        assertThat(store.read(snapshot.version()))
            .as("step %d, snapshot %s", step, snapshot.name())
            .isEqualTo(model.snapshots.get(snapshot.name()));
        assertDescending(store.tree.pathToRoot(snapshot.version()));
      }
      assertThat(store.tree.snapshots()).hasSize(model.snapshots.size());
    }
  }

  private static void change(Random random, int step, CopyingModel model, VersionedStore store)
      throws VersionTreeException {
    List<String> names = new ArrayList<>(model.snapshots.keySet());
    names.sort(String::compareTo);
    int choice = random.nextInt(10);
    if (choice < 5) {
      int block = random.nextInt(BLOCKS);
      model.live.put(block, step);
      store.stored.put(new Key(block, store.tree.current()), step);
    } else if (choice < 7 || names.isEmpty()) {
      String name = "s" + step;
      model.snapshots.put(name, Map.copyOf(model.live));
      store.become(store.tree.snapshot(name, Instant.EPOCH), true);
    } else if (choice == 7) {
      String name = names.get(random.nextInt(names.size()));
      model.live = new HashMap<>(model.snapshots.get(name));
      store.become(store.tree.revert(name), true);
    } else if (choice == 8) {
      String name = names.get(random.nextInt(names.size()));
      model.snapshots.remove(name);
      store.become(store.tree.delete(name), false);
    } else {
      store.reclaim();
    }
  }

  private static void assertDescending(int[] path) {
    for (int i = 1; i < path.length; i++) {
      assertThat(path[i]).isLessThan(path[i - 1]);
    }
  }
}
