package io.drover.storage.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.disk.NewDisk;
import io.drover.storage.replica.InMemoryDirectory;
import io.drover.storage.version.CloneOrigin;
import io.drover.storage.version.Snapshot;
import io.drover.storage.version.VersionTree;
import io.drover.storage.version.VersionTreeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshot, revert, clone and delete as operators reach them: through the catalogue. */
@Timeout(120)
final class SnapshotsInCatalogTest {
  private static final Duration SYNC = Duration.ofSeconds(20);
  private static final DiskPolicy POLICY = DiskPolicy.replicated(3);
  private static final long SIZE = 3L << 30;

  private static TestZooKeeper zooKeeper;
  private CuratorFramework client;
  private DiskMetadata metadata;
  private ZooKeeperDiskCatalog catalog;

  @BeforeAll
  static void startZooKeeper() throws Exception {
    zooKeeper = new TestZooKeeper();
  }

  @AfterAll
  static void stopZooKeeper() throws IOException {
    zooKeeper.close();
  }

  @BeforeEach
  void makeDisk() throws Exception {
    client = zooKeeper.freshTree();
    TestZooKeeper.registerNodes(client, List.of("a", "b", "c", "d"));
    metadata = new ZooKeeperDiskMetadata(client, SYNC);
    catalog = new ZooKeeperDiskCatalog(client, SYNC, new InMemoryDirectory(), this::takeSnapshot);
    catalog.create(new NewDisk("web", SIZE, POLICY));
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** What the attachments do, less the data. */
  private Disk takeSnapshot(DiskId id, String name) throws DiskException {
    Disk named = changed(id, disk -> disk.versions().snapshot(name, Instant.EPOCH));
    List<Long> sealed = new ArrayList<>();
    for (int i = 0; i < named.containers(); i++) {
      sealed.add(10L * named.versions().next() + i);
    }
    return changed(id, disk -> disk.versions().seal(name, sealed));
  }

  private interface Change {
    VersionTree of(Disk disk) throws VersionTreeException;
  }

  private Disk changed(DiskId id, Change change) throws DiskException {
    try {
      Versioned<Disk> now = metadata.disk(id);
      Disk next = now.value().withVersions(change.of(now.value()));
      return metadata
          .replaceDisk(metadata.lease(id).version(), now.version(), next, List.of())
          .value();
    } catch (MetadataException e) {
      throw Failures.of("snapshot", e);
    } catch (VersionTreeException e) {
      throw Failures.of("web", e);
    }
  }

  private void hold(String nameOrId, String node) throws Exception {
    DiskId id = catalog.get(nameOrId).id();
    Versioned<Lease> lease = metadata.lease(id);
    metadata.replaceLease(id, lease.version(), lease.value().takenBy(node, "token"));
  }

  private static Snapshot snapshot(Disk disk, String name) {
    return disk.versions().find(name).orElseThrow();
  }

  @Test
  void snapshotAndRevertMoveTheCurrentVersionAndKeepTheSnapshot() throws Exception {
    Disk taken = catalog.snapshot("web", "before");
    int frozen = snapshot(taken, "before").version();
    assertThat(taken.versions().current()).isGreaterThan(frozen);

    Disk reverted = catalog.revert("web", "before");

    assertThat(reverted).isEqualTo(catalog.get("web"));
    assertThat(reverted.versions().current()).isGreaterThan(taken.versions().current());
    assertThat(reverted.versions().currentPath())
        .containsExactly(reverted.versions().current(), frozen);
    assertThat(snapshot(reverted, "before")).isEqualTo(snapshot(taken, "before"));
  }

  @Test
  void cloneReadsOnFromTheSnapshotAndHasPlacesOfItsOwn() throws Exception {
    Snapshot before = snapshot(catalog.snapshot("web", "before"), "before");

    Disk clone = catalog.clone("web", "before", "web-test");

    Disk origin = catalog.get("web");
    assertThat(clone).isEqualTo(catalog.get("web-test"));
    assertThat(clone.id()).isNotEqualTo(origin.id());
    assertThat(clone.sizeBytes()).isEqualTo(SIZE);
    assertThat(clone.policy()).isEqualTo(POLICY);
    assertThat(clone.versions()).isEqualTo(VersionTree.initial());
    assertThat(clone.origin())
        .contains(new CloneOrigin(origin.id(), before.version(), before.sealedSequences()));
    assertThat(snapshot(origin, "before").clones()).containsExactly(clone.id());
    assertThat(catalog.status("web-test").containers())
        .hasSize(3)
        .allSatisfy(container -> assertThat(container.replicas()).hasSize(3));
  }

  @Test
  void cloneOfACloneHangsUnderTheClone() throws Exception {
    catalog.snapshot("web", "first");
    Disk clone = catalog.clone("web", "first", "clone");
    catalog.snapshot("clone", "second");

    Disk grandchild = catalog.clone("clone", "second", "grandchild");

    assertThat(grandchild.origin().orElseThrow().disk()).isEqualTo(clone.id());
    assertThatThrownBy(() -> catalog.delete("clone")).isInstanceOf(DiskException.InUse.class);
    catalog.delete("grandchild");
    catalog.delete("clone");
    catalog.deleteSnapshot("web", "first");
    catalog.delete("web");
    assertThat(catalog.list()).isEmpty();
  }

  @Test
  void snapshotWithClonesCannotBeDeletedAndNeitherCanItsDisk() throws Exception {
    catalog.snapshot("web", "before");
    Disk clone = catalog.clone("web", "before", "web-test");

    assertThatThrownBy(() -> catalog.deleteSnapshot("web", "before"))
        .isInstanceOf(DiskException.InUse.class)
        .hasMessageContaining("before")
        .hasMessageContaining(clone.id().value());
    assertThatThrownBy(() -> catalog.delete("web"))
        .isInstanceOf(DiskException.InUse.class)
        .hasMessageContaining("before");

    catalog.delete("web-test");
    assertThat(snapshot(catalog.get("web"), "before").clones()).isEmpty();
    assertThat(catalog.deleteSnapshot("web", "before").versions().snapshots()).isEmpty();
  }

  @Test
  void deletedSnapshotIsGoneButWhatDescendsFromItStays() throws Exception {
    int base = snapshot(catalog.snapshot("web", "one"), "one").version();
    catalog.snapshot("web", "two");

    Disk left = catalog.deleteSnapshot("web", "one");

    assertThat(left.versions().find("one")).isEmpty();
    assertThat(left.versions().currentPath()).contains(base);
    assertThatThrownBy(() -> catalog.revert("web", "one"))
        .isInstanceOf(DiskException.NotFound.class);
  }

  @Test
  void whatIsNotThereOrTakenIsToldAndChangesNothing() throws Exception {
    catalog.snapshot("web", "before");
    catalog.create(new NewDisk("other", SIZE, POLICY));
    Disk web = catalog.get("web");

    assertThatThrownBy(() -> catalog.snapshot("web", "before"))
        .isInstanceOf(DiskException.AlreadyExists.class);
    assertThatThrownBy(() -> catalog.snapshot("web", "no good"))
        .isInstanceOf(DiskException.Invalid.class);
    assertThatThrownBy(() -> catalog.revert("web", "never"))
        .isInstanceOf(DiskException.NotFound.class);
    assertThatThrownBy(() -> catalog.deleteSnapshot("web", "never"))
        .isInstanceOf(DiskException.NotFound.class);
    assertThatThrownBy(() -> catalog.clone("web", "never", "x"))
        .isInstanceOf(DiskException.NotFound.class);
    assertThatThrownBy(() -> catalog.clone("nothing", "before", "x"))
        .isInstanceOf(DiskException.NotFound.class)
        .hasMessageContaining("drover disk list");
    assertThatThrownBy(() -> catalog.clone("web", "before", "other"))
        .isInstanceOf(DiskException.AlreadyExists.class)
        .hasMessageContaining("other");
    assertThatThrownBy(() -> catalog.clone("web", "before", "no good"))
        .isInstanceOf(DiskException.Invalid.class);

    assertThat(catalog.get("web")).isEqualTo(web);
    assertThat(catalog.list()).hasSize(2);
  }

  @Test
  void heldDiskIsSnapshottedByItsHolderAndRevertedByNobody() throws Exception {
    catalog.snapshot("web", "before");
    hold("web", "host2");

    assertThatThrownBy(() -> catalog.snapshot("web", "now"))
        .isInstanceOfSatisfying(
            DiskException.HeldElsewhere.class,
            held -> assertThat(held.holder()).isEqualTo("host2"));
    assertThatThrownBy(() -> catalog.revert("web", "before"))
        .isInstanceOf(DiskException.InUse.class)
        .hasMessageContaining("host2");
    assertThatThrownBy(() -> catalog.delete("web"))
        .isInstanceOf(DiskException.InUse.class)
        .hasMessageContaining("host2");

    // These touch nothing that a holder writes.
    catalog.clone("web", "before", "web-test");
    catalog.delete("web-test");
    catalog.deleteSnapshot("web", "before");
    assertThat(catalog.get("web").versions().snapshots()).isEmpty();
  }

  @Test
  void snapshotThatWasNotCompletedCannotBeClonedYet() throws Exception {
    DiskId id = catalog.get("web").id();
    changed(id, disk -> disk.versions().snapshot("half", Instant.EPOCH));

    assertThatThrownBy(() -> catalog.clone("web", "half", "x"))
        .isInstanceOf(DiskException.InUse.class)
        .hasMessageContaining("not complete");
    catalog.deleteSnapshot("web", "half");
  }

  @Test
  void clonesMadeAtOnceAreAllRegistered() throws Exception {
    catalog.snapshot("web", "golden");
    List<FutureTask<Disk>> making = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "clone" + i;
      FutureTask<Disk> one = new FutureTask<>(() -> catalog.clone("web", "golden", name));
      making.add(one);
      Thread.ofVirtual().start(one);
    }
    List<DiskId> made = new ArrayList<>();
    for (FutureTask<Disk> one : making) {
      made.add(one.get().id());
    }
    assertThat(snapshot(catalog.get("web"), "golden").clones())
        .containsExactlyInAnyOrderElementsOf(made);
  }

  /** A clone pins exactly the snapshot it reads from, whatever happened before. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void pinsAreAlwaysThoseOfTheLivingClones(long seed) throws Exception {
    Random random = new Random(seed);
    Set<String> disks = new HashSet<>(Set.of("web"));
    for (int step = 0; step < 60; step++) {
      List<String> names = disks.stream().sorted().toList();
      String name = names.get(random.nextInt(names.size()));
      List<String> snapshots =
          catalog.get(name).versions().snapshots().stream().map(Snapshot::name).toList();
      String one = snapshots.isEmpty() ? "" : snapshots.get(random.nextInt(snapshots.size()));
      int choice = one.isEmpty() ? 0 : random.nextInt(5);
      try {
        switch (choice) {
          case 0 -> catalog.snapshot(name, "s" + step);
          case 1 -> catalog.revert(name, one);
          case 2 -> catalog.deleteSnapshot(name, one);
          case 3 -> {
            catalog.clone(name, one, "c" + step);
            disks.add("c" + step);
          }
          default -> {
            if (disks.size() > 1) {
              catalog.delete(name);
              disks.remove(name);
            }
          }
        }
      } catch (DiskException.InUse pinned) {
        assertThat(choice).isIn(2, 4);
        assertThat(pins(name)).isNotEmpty();
      }
      assertPins(disks);
    }
  }

  private Map<Integer, List<DiskId>> pins(String name) throws DiskException {
    Map<Integer, List<DiskId>> pins = new HashMap<>();
    for (Snapshot snapshot : catalog.get(name).versions().snapshots()) {
      if (!snapshot.clones().isEmpty()) {
        pins.put(snapshot.version(), snapshot.clones());
      }
    }
    return pins;
  }

  private void assertPins(Set<String> names) throws DiskException {
    assertThat(catalog.list()).extracting(s -> s.disk().name()).hasSameElementsAs(names);
    Set<String> pinned = new HashSet<>();
    Set<String> wanted = new HashSet<>();
    for (String name : names) {
      Disk disk = catalog.get(name);
      pins(name)
          .forEach((version, clones) ->
              clones.forEach(clone -> pinned.add(disk.id() + "/" + version + "/" + clone)));
      disk.origin()
          .ifPresent(from -> wanted.add(from.disk() + "/" + from.version() + "/" + disk.id()));
    }
    assertThat(pinned).isEqualTo(wanted);
  }
}
