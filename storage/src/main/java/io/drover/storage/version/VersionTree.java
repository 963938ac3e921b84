package io.drover.storage.version;

import io.drover.storage.disk.DiskId;
import io.drover.storage.version.VersionTreeException.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The versions of one disk, immutable: every change answers with a new tree.
 *
 * <p>Each block is stored under the version that was current when it was written. A read looks for
 * the block's newest version on the path from the version it reads to the root. So:
 *
 * <table>
 *   <caption>What each change does</caption>
 *   <tr><td>snapshot</td><td>names the current version, and makes a child of it current</td></tr>
 *   <tr><td>revert</td><td>makes a new child of the snapshot's version current; what was written
 *       since the last snapshot is on no path any more</td></tr>
 *   <tr><td>delete</td><td>takes the name away; the version stays while a path runs through it</td></tr>
 *   <tr><td>clone</td><td>registers a disk that reads on from the snapshot, which it pins</td></tr>
 * </table>
 *
 * <p>Versions that are on no path are dropped from the tree, and what is stored under them may be
 * reclaimed ({@link #contains} tells). A number is never used again: {@code next} only grows.
 *
 * @param current what new writes carry
 * @param next the number of the version that is made next
 * @param nodes the versions on a path, ascending
 * @param snapshots ascending by version
 */
public record VersionTree(int current, int next, List<Node> nodes, List<Snapshot> snapshots) {

  /** The version of a new disk; 0 is no version. */
  public static final int FIRST_VERSION = 1;

  /** A path travels with every read, so it must stay short. */
  public static final int MAX_NODES = 4096;

  /**
   * A version and what it comes from.
   *
   * @param parent 0 for the root
   */
  public record Node(int version, int parent) {
    public Node {
      if (version < FIRST_VERSION || parent < 0 || parent >= version) {
        throw new IllegalArgumentException(
            "version " + version + " under " + parent + ": a parent's number must be the lower");
      }
    }
  }

  public VersionTree {
    nodes = nodes.stream().sorted(Comparator.comparingInt(Node::version)).toList();
    snapshots = snapshots.stream().sorted(Comparator.comparingInt(Snapshot::version)).toList();
    validate(current, next, nodes, snapshots);
  }

  /** The tree of a disk that was never snapshotted. */
  public static VersionTree initial() {
    return new VersionTree(
        FIRST_VERSION, FIRST_VERSION + 1, List.of(new Node(FIRST_VERSION, 0)), List.of());
  }

  /**
   * Names what the disk holds now; later writes carry a new version. The snapshot must be {@link
   * #seal sealed} before it is read.
   */
  public VersionTree snapshot(String name, Instant now) throws VersionTreeException {
    if (!Snapshot.validName(name)) {
      throw new VersionTreeException(
          Problem.BAD_NAME,
          "snapshot name '" + name + "' must be 1 to 128 letters, digits, '.', '_', ':' or '-'");
    }
    if (find(name).isPresent()) {
      throw new VersionTreeException(
          Problem.NAME_TAKEN, "there is a snapshot named '" + name + "' already");
    }
    List<Snapshot> named = new ArrayList<>(snapshots);
    named.add(new Snapshot(name, current, now, List.of(), List.of()));
    return grown(current, named);
  }

  /** Makes the disk's content that of the snapshot; the snapshot stays. */
  public VersionTree revert(String name) throws VersionTreeException {
    return grown(require(name).version(), snapshots);
  }

  /** Forgets the snapshot; refused while clones read through it. */
  public VersionTree delete(String name) throws VersionTreeException {
    Snapshot snapshot = require(name);
    if (!snapshot.clones().isEmpty()) {
      throw new VersionTreeException(
          Problem.HAS_CLONES,
          "snapshot '" + name + "' has clones " + snapshot.clones() + "; delete them first");
    }
    List<Snapshot> left = snapshots.stream().filter(one -> !one.equals(snapshot)).toList();
    return pruned(current, next, nodes, left);
  }

  /**
   * Records that the snapshot is complete.
   *
   * @param sequences per container, the last sequence that carries the snapshot's version; at least
   *     one
   */
  public VersionTree seal(String name, List<Long> sequences) throws VersionTreeException {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("a seal needs a sequence per container, got none");
    }
    return replaced(name, one -> one.withSealedSequences(sequences));
  }

  /** Registers a clone, which from now on keeps the snapshot from being deleted. */
  public VersionTree addClone(String name, DiskId clone) throws VersionTreeException {
    if (!require(name).sealed()) {
      throw new VersionTreeException(
          Problem.NOT_SEALED, "snapshot '" + name + "' is not complete yet; try again");
    }
    return replaced(
        name,
        one -> {
          Set<DiskId> clones = new HashSet<>(one.clones());
          clones.add(clone);
          return one.withClones(clones.stream().sorted().toList());
        });
  }

  /**
   * The clone is gone or was made independent; a disk that is no clone of this one changes nothing.
   */
  public VersionTree removeClone(DiskId clone) {
    List<Snapshot> without =
        snapshots.stream()
            .map(
                one -> one.withClones(one.clones().stream().filter(d -> !d.equals(clone)).toList()))
            .toList();
    return new VersionTree(current, next, nodes, without);
  }

  public Optional<Snapshot> find(String name) {
    return snapshots.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /**
   * The versions in which a read of {@code version} looks for a block, newest first and ending with
   * the root.
   *
   * @throws IllegalArgumentException when the version is not in the tree (any more)
   */
  public int[] pathToRoot(int version) {
    Map<Integer, Integer> parents = parents(nodes);
    int[] path = new int[nodes.size()];
    int length = 0;
    for (int at = version; at != 0; at = parentOf(parents, at)) {
      path[length++] = at;
    }
    return Arrays.copyOf(path, length);
  }

  /** The path of a read of the disk itself. */
  public int[] currentPath() {
    return pathToRoot(current);
  }

  /** Whether a path runs through the version; what is stored under others is garbage. */
  public boolean contains(int version) {
    return nodes.stream().anyMatch(node -> node.version() == version);
  }

  private VersionTree grown(int parent, List<Snapshot> named) throws VersionTreeException {
    if (nodes.size() >= MAX_NODES || next == Integer.MAX_VALUE) {
      throw new VersionTreeException(
          Problem.TOO_MANY_VERSIONS,
          "the disk has " + nodes.size() + " versions; copy it to a new disk to go on");
    }
    List<Node> more = new ArrayList<>(nodes);
    more.add(new Node(next, parent));
    return pruned(next, next + 1, more, named);
  }

  private VersionTree replaced(String name, UnaryOperator<Snapshot> change)
      throws VersionTreeException {
    Snapshot old = require(name);
    List<Snapshot> changed =
        snapshots.stream().map(one -> one.equals(old) ? change.apply(one) : one).toList();
    return new VersionTree(current, next, nodes, changed);
  }

  private Snapshot require(String name) throws VersionTreeException {
    return find(name)
        .orElseThrow(() ->
            new VersionTreeException(
                Problem.NO_SUCH_SNAPSHOT, "there is no snapshot named '" + name + "'"));
  }

  /** Keeps the versions from which the current version or a snapshot descends. */
  private static VersionTree pruned(
      int current, int next, List<Node> nodes, List<Snapshot> snapshots) {
    Map<Integer, Integer> parents = parents(nodes);
    Set<Integer> kept = new HashSet<>();
    List<Integer> tips = new ArrayList<>(snapshots.stream().map(Snapshot::version).toList());
    tips.add(current);
    for (int tip : tips) {
      for (int at = tip; at != 0 && kept.add(at); ) {
        at = parentOf(parents, at);
      }
    }
    List<Node> left = nodes.stream().filter(node -> kept.contains(node.version())).toList();
    return new VersionTree(current, next, left, snapshots);
  }

  private static Map<Integer, Integer> parents(List<Node> nodes) {
    Map<Integer, Integer> parents = HashMap.newHashMap(nodes.size());
    nodes.forEach(node -> parents.put(node.version(), node.parent()));
    return parents;
  }

  private static int parentOf(Map<Integer, Integer> parents, int version) {
    Integer parent = parents.get(version);
    if (parent == null) {
      throw new IllegalArgumentException("version " + version + " is not in the tree");
    }
    return parent;
  }

  private static void validate(int current, int next, List<Node> nodes, List<Snapshot> snapshots) {
    Map<Integer, Integer> parents = parents(nodes);
    require(parents.size() == nodes.size(), "a version occurs twice in " + nodes);
    require(parents.containsKey(current), "current version " + current + " is not in " + nodes);
    Set<String> names = new HashSet<>();
    for (Node node : nodes) {
      require(node.version() < next, "version " + node.version() + " is not below next " + next);
      require(
          node.parent() == 0 || parents.containsKey(node.parent()),
          "version " + node.version() + " hangs under " + node.parent() + ", which is missing");
    }
    for (Snapshot snapshot : snapshots) {
      require(names.add(snapshot.name()), "two snapshots are named " + snapshot.name());
      require(
          parents.containsKey(snapshot.version()) && snapshot.version() != current,
          "snapshot "
              + snapshot.name()
              + " names version "
              + snapshot.version()
              + ", which is current or missing");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
