package io.drover.storage.replica;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Frames on their way out: added by any thread without waiting, written in that order by one, as
 * many at once as there are.
 */
final class Outbox {
  private static final int MAX_BUFFERS = 64;
  private static final int PIECE_BYTES = 256 * 1024;

  private record Item(Supplier<List<ByteBuffer>> frame, Runnable written) {}

  private final Queue<Item> items = new ArrayDeque<>();
  private boolean closed;

  /**
   * Adds a frame.
   *
   * @param frame makes it, on the writing thread, since its checksum takes time
   * @param written runs when the frame has left; not after the outbox was closed
   */
  synchronized void add(Supplier<List<ByteBuffer>> frame, Runnable written) {
    items.add(new Item(frame, written));
    notifyAll();
  }

  synchronized void close() {
    closed = true;
    items.clear();
    notifyAll();
  }

  /** Writes until the outbox is closed or the channel fails. */
  void writeTo(GatheringByteChannel channel) throws IOException, InterruptedException {
    List<Item> batch = new ArrayList<>();
    while (take(batch)) {
      List<ByteBuffer> buffers = new ArrayList<>();
      for (Item item : batch) {
        for (ByteBuffer buffer : item.frame.get()) {
          addPieces(buffer, buffers);
        }
      }
      write(channel, buffers);
      batch.forEach(item -> item.written.run());
      batch.clear();
    }
  }

  /**
   * The JDK copies what it is given at once into memory of its own, so large data goes in parts.
   */
  private static void addPieces(ByteBuffer buffer, List<ByteBuffer> target) {
    for (int at = buffer.position(); at < buffer.limit(); at += PIECE_BYTES) {
      target.add(buffer.slice(at, Math.min(PIECE_BYTES, buffer.limit() - at)));
    }
  }

  private static void write(GatheringByteChannel channel, List<ByteBuffer> buffers)
      throws IOException {
    for (int from = 0; from < buffers.size(); ) {
      int to = from;
      int bytes = 0;
      while (to < buffers.size() && to - from < MAX_BUFFERS && bytes < PIECE_BYTES) {
        bytes += buffers.get(to++).remaining();
      }
      ByteBuffer[] now = buffers.subList(from, to).toArray(ByteBuffer[]::new);
      while (now[now.length - 1].hasRemaining()) {
        channel.write(now);
      }
      from = to;
    }
  }

  private synchronized boolean take(List<Item> batch) throws InterruptedException {
    while (items.isEmpty() && !closed) {
      wait();
    }
    while (batch.size() < MAX_BUFFERS && !items.isEmpty()) {
      batch.add(items.remove());
    }
    return !closed;
  }
}
