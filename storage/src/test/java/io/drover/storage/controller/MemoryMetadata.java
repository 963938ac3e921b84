package io.drover.storage.controller;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskId;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.meta.Lease;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.Versioned;
import io.drover.storage.replica.ContainerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Metadata in memory with the contract of {@link DiskMetadata}, including that a repeated change
 * recognises itself. One is shared by all controllers of a test; each looks at it through a {@link
 * #viewOf view} that can be cut off, or lose the answers to changes.
 */
final class MemoryMetadata {
  private final Map<DiskId, Versioned<Disk>> disks = new HashMap<>();
  private final Map<DiskId, Versioned<Lease>> leases = new HashMap<>();
  private final Map<ContainerId, Versioned<ContainerMembers>> containers = new HashMap<>();
  private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final Map<String, Integer> callsToBreak = new ConcurrentHashMap<>();
  private final Map<String, Integer> answersToLose = new ConcurrentHashMap<>();

  synchronized void create(Disk disk, List<String> replicas) {
    disks.put(disk.id(), new Versioned<>(disk, 0));
    leases.put(disk.id(), new Versioned<>(Lease.NEVER_HELD, 0));
    for (int i = 0; i < disk.containers(); i++) {
      containers.put(
          new ContainerId(disk.id(), i), new Versioned<>(ContainerMembers.fresh(replicas), 0));
    }
  }

  void cutOff(String node, boolean isCutOff) {
    if (isCutOff) {
      cutOff.add(node);
    } else {
      cutOff.remove(node);
    }
  }

  /** How many calls of the node found it cut off. */
  int refused(String node) {
    return refused.getOrDefault(node, 0);
  }

  /** The node's next calls fail by a fault in the client. */
  void breakCalls(String node, int count) {
    callsToBreak.put(node, count);
  }

  /** The node's next changes happen, but it is not told. */
  void loseAnswers(String node, int count) {
    answersToLose.put(node, count);
  }

  synchronized ContainerMembers members(ContainerId id) {
    Versioned<ContainerMembers> found = containers.get(id);
    if (found == null) {
      throw new IllegalArgumentException("no container " + id);
    }
    return found.value();
  }

  DiskMetadata viewOf(String node) {
    return new View(node);
  }

  private static <K, V> Versioned<V> get(Map<K, Versioned<V>> map, K key) throws MetadataException {
    Versioned<V> found = map.get(key);
    if (found == null) {
      throw new MetadataException.Missing(key + " does not exist");
    }
    return found;
  }

  private static <K, V> Versioned<V> replace(Map<K, Versioned<V>> map, K key, int expected, V next)
      throws MetadataException {
    Versioned<V> now = get(map, key);
    if (now.version() == expected + 1 && now.value().equals(next)) {
      return now;
    }
    if (now.version() != expected) {
      throw new MetadataException.Conflict(key + " was changed meanwhile");
    }
    Versioned<V> replaced = new Versioned<>(next, expected + 1);
    map.put(key, replaced);
    return replaced;
  }

  private final class View implements DiskMetadata {
    private final String node;

    View(String node) {
      this.node = node;
    }

    private void checkReachable() throws MetadataException {
      if (callsToBreak.merge(node, -1, Integer::sum) >= 0) {
        throw new IllegalStateException("fault in the client of " + node);
      }
      if (cutOff.contains(node)) {
        refused.merge(node, 1, Integer::sum);
        throw new MetadataException.Unavailable(node + " is cut off", null);
      }
    }

    private <T> T answer(T value) throws MetadataException {
      if (answersToLose.merge(node, -1, Integer::sum) >= 0) {
        throw new MetadataException.Unavailable("answer to " + node + " lost", null);
      }
      return value;
    }

    private void checkLease(DiskId disk, int version) throws MetadataException {
      if (get(leases, disk).version() != version) {
        throw new MetadataException.LeaseTaken("the lease has changed");
      }
    }

    @Override
    public Versioned<Disk> disk(DiskId disk) throws MetadataException {
      synchronized (MemoryMetadata.this) {
        checkReachable();
        return get(disks, disk);
      }
    }

    @Override
    public Versioned<Lease> lease(DiskId disk) throws MetadataException {
      synchronized (MemoryMetadata.this) {
        checkReachable();
        return get(leases, disk);
      }
    }

    @Override
    public List<Versioned<ContainerMembers>> containers(DiskId disk) throws MetadataException {
      synchronized (MemoryMetadata.this) {
        checkReachable();
        List<Versioned<ContainerMembers>> all = new ArrayList<>();
        for (int i = 0; i < get(disks, disk).value().containers(); i++) {
          all.add(get(containers, new ContainerId(disk, i)));
        }
        return all;
      }
    }

    @Override
    public Versioned<ContainerMembers> container(ContainerId container) throws MetadataException {
      synchronized (MemoryMetadata.this) {
        checkReachable();
        return get(containers, container);
      }
    }

    @Override
    public Versioned<Lease> replaceLease(DiskId disk, int expectedVersion, Lease next)
        throws MetadataException {
      synchronized (MemoryMetadata.this) {
        checkReachable();
        return answer(replace(leases, disk, expectedVersion, next));
      }
    }

    @Override
    public Versioned<ContainerMembers> replaceContainer(
        ContainerId container, int leaseVersion, int expectedVersion, ContainerMembers next)
        throws MetadataException {
      synchronized (MemoryMetadata.this) {
        checkReachable();
        checkLease(container.disk(), leaseVersion);
        return answer(replace(containers, container, expectedVersion, next));
      }
    }

    @Override
    public Versioned<Disk> replaceDisk(
        int leaseVersion, int expectedVersion, Disk next, List<ContainerMembers> added)
        throws MetadataException {
      synchronized (MemoryMetadata.this) {
        checkReachable();
        checkLease(next.id(), leaseVersion);
        Versioned<Disk> replaced = replace(disks, next.id(), expectedVersion, next);
        int first = next.containers() - added.size();
        for (int i = 0; i < added.size(); i++) {
          containers.putIfAbsent(
              new ContainerId(next.id(), first + i), new Versioned<>(added.get(i), 0));
        }
        return answer(replaced);
      }
    }
  }
}
