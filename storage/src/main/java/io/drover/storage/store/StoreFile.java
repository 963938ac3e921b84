package io.drover.storage.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read and written at positions, also by threads that get interrupted.
 *
 * <p>An interrupt closes a {@link FileChannel} under everybody who uses it. Here the file is opened
 * again and the operation repeated, which is right because every operation names its position; the
 * thread keeps its interrupt. The file is opened at its first use and must be there.
 */
class StoreFile implements Closeable {
  /**
   * Longest piece handed to the JDK at once: it keeps a direct buffer of that size for each carrier
   * thread.
   */
  private static final int PIECE_BYTES = 256 * 1024;

  private final Path path;
  private @Nullable FileChannel channel;
  private boolean closed;

  StoreFile(Path path) {
    this.path = path;
  }

  final Path path() {
    return path;
  }

  /** Fills the buffer. */
  void read(ByteBuffer target, long position) throws IOException {
    uninterrupted(open -> {
      ByteBuffer left = target.duplicate();
      long at = position;
      while (left.hasRemaining()) {
        ByteBuffer piece = left.slice(left.position(), Math.min(left.remaining(), PIECE_BYTES));
        int got = open.read(piece, at);
        if (got < 0) {
          throw new EOFException(path + " ends before " + (position + target.remaining()));
        }
        at += got;
        left.position(left.position() + got);
      }
      return got(target);
    });
  }

  private static int got(ByteBuffer target) {
    int bytes = target.remaining();
    target.position(target.limit());
    return bytes;
  }

  /** Writes all of the buffer, whose position stays. */
  void write(ByteBuffer source, long position) throws IOException {
    uninterrupted(open -> {
      ByteBuffer left = source.duplicate();
      long at = position;
      while (left.hasRemaining()) {
        ByteBuffer piece = left.slice(left.position(), Math.min(left.remaining(), PIECE_BYTES));
        int put = open.write(piece, at);
        at += put;
        left.position(left.position() + put);
      }
      return source.remaining();
    });
  }

  /** Makes what was written durable. */
  void force() throws IOException {
    uninterrupted(open -> {
      open.force(false);
      return 0;
    });
  }

  void truncate(long sizeBytes) throws IOException {
    uninterrupted(open -> open.truncate(sizeBytes));
  }

  long size() throws IOException {
    return uninterrupted(FileChannel::size);
  }

  private interface Action<T> {
    T on(FileChannel open) throws IOException;
  }

  private <T> T uninterrupted(Action<T> action) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        FileChannel open = opened();
        try {
          return action.on(open);
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          forgetClosed();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized FileChannel opened() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  private synchronized void forgetClosed() {
    if (channel != null && !channel.isOpen()) {
      channel = null;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (channel != null) {
      channel.close();
    }
  }
}
