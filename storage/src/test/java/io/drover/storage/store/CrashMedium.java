package io.drover.storage.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk whose power fails at a chosen step.
 *
 * <p>It remembers what fsync has made durable. {@link #afterPowerLoss} makes a copy of the files as
 * a disk may show them after that: sectors, lengths and names that no fsync covered are there or
 * not, each for itself.
 */
final class CrashMedium extends Medium {
  private static final int SECTOR_BYTES = 512;

  private final Random random;
  private final Map<Path, byte[]> durable = new HashMap<>();
  private final Map<Path, Set<Path>> durableNames = new HashMap<>();
  private final Set<Path> made = new HashSet<>();
  private int stepsLeft;
  private boolean crashed;

  /**
   * @param steps changes of the disk until the power fails
   */
  CrashMedium(Random random, int steps) {
    this.random = random;
    this.stepsLeft = steps;
  }

  synchronized boolean crashed() {
    return crashed;
  }

  /** From now on nothing reaches the disk. */
  synchronized void crash() {
    crashed = true;
  }

  private void requirePower() throws IOException {
    if (crashed) {
      throw new IOException("the power is gone");
    }
  }

  /** Whether the power lasts beyond this step. */
  private boolean lasts() {
    crashed = --stepsLeft < 0;
    return !crashed;
  }

  @Override
  StoreFile file(Path path) {
    return new TrackedFile(path);
  }

  @Override
  synchronized StoreFile create(Path path) throws IOException {
    requirePower();
    made.add(path);
    StoreFile file = super.create(path);
    if (!lasts()) {
      requirePower();
    }
    return file;
  }

  @Override
  synchronized void forceDirectory(Path directory) throws IOException {
    requirePower();
    if (!lasts()) {
      requirePower();
    }
    Set<Path> names = new HashSet<>(list(directory));
    durable.keySet().removeIf(path -> directory.equals(path.getParent()) && !names.contains(path));
    durableNames.put(directory, names);
  }

  @Override
  synchronized void rename(Path from, Path to) throws IOException {
    requirePower();
    boolean lasting = lasts();
    if (lasting || random.nextBoolean()) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      durable.keySet().removeIf(path -> path.startsWith(to));
      durableNames.keySet().removeIf(path -> path.startsWith(to));
      move(durable, from, to);
      Map<Path, Set<Path>> names = new HashMap<>();
      durableNames.forEach((directory, inside) -> {
        Set<Path> moved = new HashSet<>();
        inside.forEach(path -> moved.add(moved(path, from, to)));
        names.put(moved(directory, from, to), moved);
      });
      durableNames.clear();
      durableNames.putAll(names);
      Set<Path> movedMade = new HashSet<>();
      made.forEach(path -> movedMade.add(moved(path, from, to)));
      made.clear();
      made.addAll(movedMade);
      made.remove(to); // durable with its new name
    }
    requirePower();
  }

  private static <T> void move(Map<Path, T> map, Path from, Path to) {
    Map<Path, T> moved = new HashMap<>();
    map.forEach((path, value) -> moved.put(moved(path, from, to), value));
    map.clear();
    map.putAll(moved);
  }

  private static Path moved(Path path, Path from, Path to) {
    return path.startsWith(from) ? to.resolve(from.relativize(path)) : path;
  }

  @Override
  synchronized void delete(Path file) throws IOException {
    requirePower();
    super.delete(file);
    lasts();
    requirePower();
  }

  private final class TrackedFile extends StoreFile {
    TrackedFile(Path path) {
      super(path);
    }

    @Override
    void write(ByteBuffer source, long position) throws IOException {
      synchronized (CrashMedium.this) {
        requirePower();
        super.write(source, position);
        lasts();
        requirePower();
      }
    }

    @Override
    void truncate(long sizeBytes) throws IOException {
      synchronized (CrashMedium.this) {
        requirePower();
        super.truncate(sizeBytes);
        lasts();
        requirePower();
      }
    }

    @Override
    void force() throws IOException {
      synchronized (CrashMedium.this) {
        requirePower();
        boolean lasting = lasts();
        if (lasting || random.nextBoolean()) {
          durable.put(path(), Files.readAllBytes(path()));
        }
        requirePower();
      }
    }
  }

  /** Writes the files of a directory, as they may be after the loss of power, to another one. */
  synchronized void afterPowerLoss(Path from, Path to) throws IOException {
    crashed = true;
    double kept = List.of(0.0, 0.5, 0.9, 1.0).get(random.nextInt(4));
    try (Stream<Path> found = Files.walk(from)) {
      for (Path path : found.sorted().toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
          bringBackDeleted(path, target);
        } else if (hasName(path)) {
          Files.write(target, contents(path, kept));
        }
      }
    }
  }

  private boolean hasName(Path path) {
    Path directory = path.getParent();
    boolean certain =
        !made.contains(path)
            || (directory != null && durableNames.getOrDefault(directory, Set.of()).contains(path));
    return certain || random.nextBoolean();
  }

  /** A file whose deletion no fsync covered may be there again. */
  private void bringBackDeleted(Path directory, Path target) throws IOException {
    for (Path path : durableNames.getOrDefault(directory, Set.of()).stream().sorted().toList()) {
      byte[] bytes = durable.get(path);
      if (!Files.exists(path) && bytes != null && random.nextBoolean()) {
        Files.write(target.resolve(path.getFileName()), bytes);
      }
    }
  }

  private byte[] contents(Path path, double kept) throws IOException {
    byte[] now = Files.readAllBytes(path);
    byte[] before = durable.getOrDefault(path, made.contains(path) ? new byte[0] : now);
    if (Arrays.equals(now, before)) {
      return now;
    }
    int length = random.nextDouble() < kept ? now.length : between(before.length, now.length);
    byte[] result = new byte[length];
    for (int at = 0; at < length; at += SECTOR_BYTES) {
      byte[] from = random.nextDouble() < kept ? now : before;
      int end = Math.min(length, at + SECTOR_BYTES);
      if (at < from.length) {
        System.arraycopy(from, at, result, at, Math.min(end, from.length) - at);
      }
    }
    return result;
  }

  private int between(int a, int b) {
    int low = Math.min(a, b);
    return low + random.nextInt(Math.max(a, b) - low + 1);
  }
}
