package io.drover.storage.nbd;

import io.drover.storage.block.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Sends whole replies, one at a time, in whatever order requests finish. */
final class ReplyWriter {
  /** Room in front of read data, so that header and data leave in one piece. */
  private static final int DATA_HEADER_BYTES = 28;

  private static final int SIMPLE_BYTES = 16;
  private static final int CHUNK_BYTES = 20;

  /** Keeps a status reply below 512 KiB; the client asks again from where it ends. */
  private static final int MAX_EXTENTS = 64 * 1024;

  private final Wire wire;
  private final boolean structured;
  private final ReentrantLock sending = new ReentrantLock();

  ReplyWriter(Wire wire, boolean structured) {
    this.wire = wire;
    this.structured = structured;
  }

  /** A buffer for a read; the device fills {@link #dataOf} it. */
  static ByteBuffer readBuffer(int lengthBytes) {
    return ByteBuffer.allocate(DATA_HEADER_BYTES + lengthBytes);
  }

  static ByteBuffer dataOf(ByteBuffer readBuffer) {
    return readBuffer.slice(DATA_HEADER_BYTES, readBuffer.capacity() - DATA_HEADER_BYTES);
  }

  void data(Request request, ByteBuffer readBuffer) throws IOException {
    int length = readBuffer.capacity() - DATA_HEADER_BYTES;
    if (!structured) {
      int start = DATA_HEADER_BYTES - SIMPLE_BYTES;
      simple(readBuffer.clear().position(start), 0, request.cookie());
      send(readBuffer.position(start));
    } else if (length == 0) {
      send(chunk(request.cookie(), Nbd.REPLY_TYPE_NONE, 0).flip());
    } else {
      putChunk(readBuffer.clear(), request.cookie(), Nbd.REPLY_TYPE_OFFSET_DATA, length + 8)
          .putLong(request.offsetBytes());
      send(readBuffer.rewind());
    }
  }

  /** Success of a request that returns nothing. */
  void done(Request request) throws IOException {
    send(simple(ByteBuffer.allocate(SIMPLE_BYTES), 0, request.cookie()).flip());
  }

  void error(long cookie, int error, String message) throws IOException {
    if (!structured) {
      send(simple(ByteBuffer.allocate(SIMPLE_BYTES), error, cookie).flip());
      return;
    }
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, Nbd.MAX_STRING_BYTES);
    send(
        chunk(cookie, Nbd.REPLY_TYPE_ERROR, 6 + length)
            .putInt(error)
            .putShort((short) length)
            .put(text, 0, length)
            .flip());
  }

  /**
   * Sends the kinds of the extents, neighbours of one kind joined; just the first when asked so.
   */
  void blockStatus(Request request, List<Extent> extents) throws IOException {
    List<Extent> joined = join(extents);
    int count = request.has(Nbd.CMD_FLAG_REQ_ONE) ? 1 : Math.min(joined.size(), MAX_EXTENTS);
    ByteBuffer reply = chunk(request.cookie(), Nbd.REPLY_TYPE_BLOCK_STATUS, 4 + 8 * count);
    reply.putInt(Nbd.ALLOCATION_CONTEXT_ID);
    for (Extent extent : joined.subList(0, count)) {
      reply
          .putInt((int) extent.lengthBytes())
          .putInt((extent.hole() ? Nbd.STATE_HOLE : 0) | (extent.zero() ? Nbd.STATE_ZERO : 0));
    }
    send(reply.flip());
  }

  private static List<Extent> join(List<Extent> extents) {
    List<Extent> joined = new ArrayList<>();
    for (Extent extent : extents) {
      if (!joined.isEmpty() && joined.getLast().sameKindAs(extent)) {
        long length = joined.removeLast().lengthBytes() + extent.lengthBytes();
        joined.add(new Extent(length, extent.hole(), extent.zero()));
      } else {
        joined.add(extent);
      }
    }
    return joined;
  }

  private static ByteBuffer simple(ByteBuffer into, int error, long cookie) {
    return into.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(error).putLong(cookie);
  }

  private static ByteBuffer chunk(long cookie, int type, int payloadBytes) {
    return putChunk(ByteBuffer.allocate(CHUNK_BYTES + payloadBytes), cookie, type, payloadBytes);
  }

  /** Every reply is a single chunk, so it is always the final one. */
  private static ByteBuffer putChunk(ByteBuffer into, long cookie, int type, int payloadBytes) {
    return into.putInt(Nbd.STRUCTURED_REPLY_MAGIC)
        .putShort((short) Nbd.REPLY_FLAG_DONE)
        .putShort((short) type)
        .putLong(cookie)
        .putInt(payloadBytes);
  }

  private void send(ByteBuffer reply) throws IOException {
    sending.lock();
    try {
      wire.writeFully(reply);
    } finally {
      sending.unlock();
    }
  }
}
