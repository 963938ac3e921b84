package io.drover.storage.store;

import io.drover.storage.replica.ContainerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Spoils files of a pool from outside. */
public final class StoreFiles {
  private StoreFiles() {}

  public static Path container(Path pool, ContainerId id) {
    return pool.resolve("containers").resolve(id.disk().value() + "." + id.index());
  }

  public static List<Path> segments(Path pool, ContainerId id) throws IOException {
    return Segment.files(container(pool, id));
  }

  /** Flips a byte in the newest data that was written for the block. */
  public static void corruptBlock(Path pool, ContainerId id, int block) throws IOException {
    for (Path file : segments(pool, id).reversed()) {
      if (flipNewest(file, block)) {
        return;
      }
    }
    throw new IllegalArgumentException("block " + block + " of " + id + " holds no data");
  }

  private static boolean flipNewest(Path file, int block) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int newest = -1;
    int at = SegmentHeader.BYTES;
    while (at + RecordHeader.BYTES <= bytes.capacity()) {
      RecordHeader header = RecordHeader.decode(bytes, at);
      if (header == null) {
        break;
      }
      int i = block - header.firstBlock();
      if (header.dataBytes() > 0 && i >= 0 && i < header.blockCount()) {
        newest = at + header.prefixBytes() + i * header.blockSizeBytes() + 5;
      }
      at += header.totalBytes();
    }
    if (newest >= 0) {
      flip(file, newest);
    }
    return newest >= 0;
  }

  /** The offset of a record in a segment that is not compacted. */
  public static int offsetOf(Path file, long sequence) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int at = SegmentHeader.BYTES;
    while (at + RecordHeader.BYTES <= bytes.capacity()) {
      RecordHeader header = RecordHeader.decode(bytes, at);
      if (header == null) {
        break;
      }
      if (header.sequence() == sequence) {
        return at;
      }
      at += header.totalBytes();
    }
    throw new IllegalArgumentException("no record " + sequence + " in " + file);
  }

  public static void flip(Path file, int at) throws IOException {
    try (StoreFile open = new StoreFile(file)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      open.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 0x40)).flip();
      open.write(one, at);
    }
  }
}
