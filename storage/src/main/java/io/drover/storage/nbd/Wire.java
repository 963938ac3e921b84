package io.drover.storage.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A client's byte stream: buffered for the small headers, direct for payloads.
 *
 * <p>One thread reads at a time and one writes at a time; the two are independent.
 */
final class Wire {
  private static final int BUFFER_BYTES = 16 * 1024;

  /**
   * The JDK copies through a native buffer as large as the piece, and keeps it; so pieces are
   * small.
   */
  private static final int PIECE_BYTES = 256 * 1024;

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

  /** When the message under way began, of {@link System#nanoTime}; 0 for none. */
  private volatile long receivingSinceNanos;

  private volatile long sendingSinceNanos;

  Wire(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * The client has begun a message and owes the rest of it until {@link #received}. What the server
   * itself makes it wait for must not lie between the two.
   */
  void receiving() {
    receivingSinceNanos = now();
  }

  void received() {
    receivingSinceNanos = 0;
  }

  /** Whether the client has kept the server waiting for the rest of a message, or for room. */
  boolean isLate(long limitNanos) {
    return isOlder(receivingSinceNanos, limitNanos) || isOlder(sendingSinceNanos, limitNanos);
  }

  private static boolean isOlder(long sinceNanos, long limitNanos) {
    return sinceNanos != 0 && System.nanoTime() - sinceNanos > limitNanos;
  }

  /** Never 0, which means that nothing is under way. */
  private static long now() {
    return System.nanoTime() | 1;
  }

  int readInt() throws IOException {
    return header(Integer.BYTES).getInt();
  }

  long readLong() throws IOException {
    return header(Long.BYTES).getLong();
  }

  /** The next bytes, which are consumed by reading them from the answer; at most a buffer full. */
  ByteBuffer header(int bytes) throws IOException {
    while (in.remaining() < bytes) {
      fill();
    }
    return in;
  }

  /** Whether the client ended the stream between two messages. */
  boolean atEnd() throws IOException {
    if (in.hasRemaining()) {
      return false;
    }
    in.clear();
    int got = channel.read(in);
    in.flip();
    return got < 0;
  }

  byte[] readBytes(int length) throws IOException {
    byte[] bytes = new byte[length];
    readFully(ByteBuffer.wrap(bytes));
    return bytes;
  }

  void readFully(ByteBuffer into) throws IOException {
    int buffered = Math.min(in.remaining(), into.remaining());
    into.put(in.slice().limit(buffered));
    in.position(in.position() + buffered);
    int end = into.limit();
    while (into.position() < end) {
      into.limit(Math.min(end, into.position() + PIECE_BYTES));
      if (channel.read(into) < 0) {
        throw new EOFException("the client went away inside a message");
      }
    }
    into.limit(end);
  }

  void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      if (!in.hasRemaining()) {
        fill();
      }
      int step = (int) Math.min(left, in.remaining());
      in.position(in.position() + step);
      left -= step;
    }
  }

  void writeFully(ByteBuffer from) throws IOException {
    int end = from.limit();
    sendingSinceNanos = now();
    try {
      while (from.position() < end) {
        from.limit(Math.min(end, from.position() + PIECE_BYTES));
        channel.write(from);
      }
    } finally {
      sendingSinceNanos = 0;
    }
  }

  private void fill() throws IOException {
    in.compact();
    try {
      if (channel.read(in) < 0) {
        throw new EOFException("the client went away inside a message");
      }
    } finally {
      in.flip();
    }
  }
}
