package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.Failures;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.Versioned;
import io.drover.storage.version.Snapshot;
import io.drover.storage.version.VersionTree;
import io.drover.storage.version.VersionTreeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata of a held disk: its versions with the moment that separates them, and its size.
 *
 * <p>A snapshot whose sealing was interrupted is sealed by the next one, or by the next holder's
 * first; until then it cannot be read or cloned.
 */
final class DiskVersions implements DiskView {
  private static final Logger log = LoggerFactory.getLogger(DiskVersions.class);

  private static final int ATTEMPTS = 16;

  private final ControllerContext context;
  private final HeldLease lease;
  private final OriginReader origin;
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  /** One snapshot or resize at a time. */
  private final ReentrantLock changing = new ReentrantLock();

  private volatile State state;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record State(Disk disk, int version, int[] path) {
    static State of(Disk disk) {
      return new State(disk, disk.versions().current(), disk.versions().currentPath());
    }
  }

  DiskVersions(ControllerContext context, Disk disk, HeldLease lease) {
    this.context = context;
    this.lease = lease;
    this.state = State.of(disk);
    this.origin = new OriginReader(context, new PeerReader(context), disk.origin());
  }

  Disk disk() {
    return state.disk();
  }

  @Override
  public int[] path() {
    return state.path();
  }

  @Override
  public int version() {
    return state.version();
  }

  @Override
  public Lock writing() {
    return gate.readLock();
  }

  @Override
  public OriginReader origin() {
    return origin;
  }

  /** From now on writes carry the disk's current version. */
  void adopt(Disk disk) {
    gate.writeLock().lock();
    try {
      state = State.of(disk);
    } finally {
      gate.writeLock().unlock();
    }
  }

  /** A pure change of the disk. */
  private interface Change {
    Disk apply(Disk disk) throws DiskException, VersionTreeException;
  }

  /**
   * Seals the current version.
   *
   * @param present the disk's containers; asked once no resize can add any
   */
  Disk snapshot(String name, Supplier<List<ContainerController>> present, Runnable onFenced)
      throws DiskException {
    changing.lock();
    try {
      List<ContainerController> containers = present.get();
      Deadline deadline = Deadline.in(context.settings().openTimeout());
      for (ContainerController container : containers) {
        container.awaitOpening(deadline);
      }
      Disk named =
          replace(
              "snapshot",
              disk -> disk.withVersions(disk.versions().snapshot(name, Instant.now())),
              (_, _) -> List.of(),
              onFenced);
      List<Long> sequences = separate(named, containers);
      for (int i = 0; i < sequences.size(); i++) {
        containers.get(i).makeDurable(sequences.get(i), deadline);
      }
      Disk sealed =
          replace("snapshot", disk -> sealAll(disk, sequences), (_, _) -> List.of(), onFenced);
      adopt(sealed);
      log.atInfo()
          .addKeyValue("disk", sealed.id())
          .addKeyValue("snapshot", name)
          .log("snapshot taken");
      return sealed;
    } catch (BlockIoException e) {
      throw new DiskException.Unavailable(
          "snapshot '" + name + "' of disk " + disk().id() + ": " + e.getMessage(), e);
    } finally {
      changing.unlock();
    }
  }

  /** The moment: what has its place now is of the old version, what comes is of the new one. */
  private List<Long> separate(Disk named, List<ContainerController> containers) {
    gate.writeLock().lock();
    try {
      List<Long> sequences = new ArrayList<>();
      for (ContainerController container : containers) {
        ReplicatedLog open = container.openLog();
        sequences.add(open == null ? 0 : open.lastSequence());
      }
      state = State.of(named);
      return sequences;
    } finally {
      gate.writeLock().unlock();
    }
  }

  private static Disk sealAll(Disk disk, List<Long> sequences) throws VersionTreeException {
    if (sequences.size() != disk.containers()) {
      // A clone would take what is missing for never written.
      throw new IllegalStateException(
          "disk "
              + disk.id()
              + " has "
              + disk.containers()
              + " containers, sealed are "
              + sequences.size());
    }
    VersionTree tree = disk.versions();
    for (Snapshot snapshot : disk.versions().snapshots()) {
      if (!snapshot.sealed()) {
        tree = tree.seal(snapshot.name(), sequences);
      }
    }
    return disk.withVersions(tree);
  }

  Disk resize(
      long sizeBytes, DiskController.Placement placement, Consumer<Disk> grow, Runnable onFenced)
      throws DiskException {
    changing.lock();
    try {
      Disk grown = replace("resize", disk -> disk.grownTo(sizeBytes), placement, onFenced);
      grow.accept(grown);
      log.atInfo()
          .addKeyValue("disk", grown.id())
          .addKeyValue("bytes", grown.sizeBytes())
          .log("disk resized");
      return grown;
    } finally {
      changing.unlock();
    }
  }

  private Disk replace(
      String operation, Change change, DiskController.Placement placement, Runnable onFenced)
      throws DiskException {
    String doing = operation + " of disk " + disk().id();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Versioned<Disk> now = context.metadata().disk(disk().id());
        Disk next = change.apply(now.value());
        int more = next.containers() - now.value().containers();
        List<ContainerMembers> added = more == 0 ? List.of() : placement.place(next, more);
        return context.metadata().replaceDisk(lease.version(), now.version(), next, added).value();
      } catch (MetadataException.Conflict e) {
        log.debug("{} meets another change, deciding again", doing);
      } catch (MetadataException.LeaseTaken e) {
        onFenced.run();
        throw Failures.of(doing, e);
      } catch (MetadataException e) {
        throw Failures.of(doing, e);
      } catch (VersionTreeException e) {
        throw Failures.of(disk().name(), e);
      }
    }
    throw new DiskException.Unavailable(
        doing + ": the disk is being changed by others all the time; try again", null);
  }
}
