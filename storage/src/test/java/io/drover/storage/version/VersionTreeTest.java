package io.drover.storage.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.drover.storage.disk.DiskId;
import io.drover.storage.version.VersionTreeException.Problem;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VersionTreeTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final DiskId CLONE = new DiskId("clone-1");

  @Test
  void newDiskReadsItsOnlyVersion() {
    assertThat(VersionTree.initial().currentPath()).containsExactly(1);
  }

  @Test
  void snapshotNamesTheCurrentVersionAndWritesGoToItsChild() throws Exception {
    VersionTree tree = VersionTree.initial().snapshot("monday", NOW);

    assertThat(tree.find("monday").orElseThrow().version()).isEqualTo(1);
    assertThat(tree.current()).isEqualTo(2);
    assertThat(tree.currentPath()).containsExactly(2, 1);
  }

  @Test
  void revertBranchesFromTheSnapshotAndDropsWhatCameAfterTheLastOne() throws Exception {
    VersionTree tree = VersionTree.initial().snapshot("a", NOW).snapshot("b", NOW).revert("a");

    assertThat(tree.current()).isEqualTo(4);
    assertThat(tree.currentPath()).containsExactly(4, 1);
    assertThat(tree.pathToRoot(2)).containsExactly(2, 1);
    assertThat(tree.contains(3)).isFalse();
  }

  @Test
  void numberOfADroppedVersionIsNotUsedAgain() throws Exception {
    VersionTree tree = VersionTree.initial().snapshot("a", NOW).revert("a").revert("a");

    assertThat(tree.current()).isEqualTo(4);
    assertThat(tree.contains(2)).isFalse();
    assertThat(tree.contains(3)).isFalse();
  }

  @Test
  void deletedSnapshotStaysOnThePathOfWhatGrewFromIt() throws Exception {
    VersionTree tree = VersionTree.initial().snapshot("a", NOW).delete("a");

    assertThat(tree.snapshots()).isEmpty();
    assertThat(tree.currentPath()).containsExactly(2, 1);
  }

  @Test
  void deletingTheLastSnapshotOfABranchDropsTheBranch() throws Exception {
    VersionTree tree =
        VersionTree.initial().snapshot("a", NOW).snapshot("b", NOW).revert("a").delete("b");

    assertThat(tree.contains(2)).isFalse();
    assertThatThrownBy(() -> tree.pathToRoot(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void snapshotWithAClonePinsItself() throws Exception {
    VersionTree tree =
        VersionTree.initial()
            .snapshot("a", NOW)
            .seal("a", List.of(7L))
            .addClone("a", CLONE)
            .addClone("a", CLONE);

    refused(Problem.HAS_CLONES, () -> tree.delete("a"));
    assertThat(tree.find("a").orElseThrow().clones()).containsExactly(CLONE);
    assertThat(tree.removeClone(CLONE).delete("a").snapshots()).isEmpty();
  }

  @Test
  void incompleteSnapshotCannotBeCloned() throws Exception {
    VersionTree tree = VersionTree.initial().snapshot("a", NOW);

    refused(Problem.NOT_SEALED, () -> tree.addClone("a", CLONE));
  }

  @Test
  void wrongNamesAreRefusedWithTheirReason() throws Exception {
    VersionTree tree = VersionTree.initial().snapshot("a", NOW);

    refused(Problem.NAME_TAKEN, () -> tree.snapshot("a", NOW));
    refused(Problem.BAD_NAME, () -> tree.snapshot("a b", NOW));
    refused(Problem.BAD_NAME, () -> tree.snapshot("", NOW));
    refused(Problem.NO_SUCH_SNAPSHOT, () -> tree.revert("b"));
    refused(Problem.NO_SUCH_SNAPSHOT, () -> tree.delete("b"));
    refused(Problem.NO_SUCH_SNAPSHOT, () -> tree.seal("b", List.of(1L)));
  }

  @Test
  void numberOfVersionsIsBounded() throws Exception {
    VersionTree tree = VersionTree.initial();
    for (int i = 1; i < VersionTree.MAX_NODES; i++) {
      tree = tree.snapshot("s" + i, NOW);
    }
    VersionTree full = tree;

    refused(Problem.TOO_MANY_VERSIONS, () -> full.snapshot("more", NOW));
  }

  @Test
  void treeThatContradictsItselfIsNotBuilt() {
    List<VersionTree.Node> root = List.of(new VersionTree.Node(1, 0));
    List<VersionTree.Node> orphan = List.of(new VersionTree.Node(3, 2));

    assertThatThrownBy(() -> new VersionTree(2, 3, root, List.of()))
        .hasMessageContaining("current version 2");
    assertThatThrownBy(() -> new VersionTree(1, 1, root, List.of()))
        .hasMessageContaining("not below next");
    assertThatThrownBy(() -> new VersionTree(3, 4, orphan, List.of()))
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> new VersionTree.Node(2, 2)).hasMessageContaining("lower");
  }

  @Test
  void jsonKeepsEverything() throws Exception {
    ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());
    VersionTree tree =
        VersionTree.initial()
            .snapshot("a", NOW)
            .seal("a", List.of(5L, 0L, 1L << 40))
            .addClone("a", CLONE)
            .snapshot("b", NOW)
            .revert("a");
    CloneOrigin origin = new CloneOrigin(CLONE, 3, List.of(9L));

    assertThat(mapper.readValue(mapper.writeValueAsString(tree), VersionTree.class))
        .isEqualTo(tree);
    assertThat(mapper.readValue(mapper.writeValueAsString(origin), CloneOrigin.class))
        .isEqualTo(origin);
  }

  private interface Change {
    VersionTree make() throws VersionTreeException;
  }

  private static void refused(Problem problem, Change change) {
    assertThatThrownBy(change::make)
        .isInstanceOfSatisfying(
            VersionTreeException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }
}
