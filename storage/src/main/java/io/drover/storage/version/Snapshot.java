package io.drover.storage.version;

import io.drover.storage.disk.DiskId;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A named version, which no write changes any more.
 *
 * @param name unique within the disk
 * @param version what a read of the snapshot starts from
 * @param createdAt for people; nothing is decided by it
 * @param sealedSequences per container, the last sequence that carries this version; empty until
 *     the controller's barrier has made all of them durable
 * @param clones disks whose tree hangs under this snapshot
 */
public record Snapshot(
    String name, int version, Instant createdAt, List<Long> sealedSequences, List<DiskId> clones) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  public Snapshot {
    if (!validName(name)) {
      throw new IllegalArgumentException("name is '" + name + "', must match " + NAME);
    }
    sealedSequences = List.copyOf(sealedSequences);
    clones = List.copyOf(clones);
  }

  static boolean validName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether the barrier over all containers has finished, so that it may be read and cloned. */
  public boolean sealed() {
    return !sealedSequences.isEmpty();
  }

  Snapshot withSealedSequences(List<Long> sequences) {
    return new Snapshot(name, version, createdAt, sequences, clones);
  }

  Snapshot withClones(List<DiskId> disks) {
    return new Snapshot(name, version, createdAt, sealedSequences, disks);
  }
}
