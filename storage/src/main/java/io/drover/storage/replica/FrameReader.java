package io.drover.storage.replica;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Reads frames from a channel; one thread uses it. */
final class FrameReader {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

  FrameReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the next frame.
   *
   * @throws EOFException when the other side ended the connection
   */
  Frame next() throws IOException {
    while (buffer.remaining() < Frame.HEADER_BYTES) {
      buffer.compact();
      int got = channel.read(buffer);
      buffer.flip();
      if (got < 0) {
        throw new EOFException("connection ended");
      }
    }
    Frame.Header header = Frame.header(buffer);
    buffer.position(buffer.position() + Frame.HEADER_BYTES);
    ByteBuffer body = ByteBuffer.allocate(header.bodyBytes());
    int there = Math.min(buffer.remaining(), body.remaining());
    body.put(buffer.slice(buffer.position(), there));
    buffer.position(buffer.position() + there);
    while (body.hasRemaining()) {
      ByteBuffer piece = body.slice(body.position(), Math.min(body.remaining(), 4 * BUFFER_BYTES));
      int got = channel.read(piece);
      if (got < 0) {
        throw new EOFException("connection ended within a frame");
      }
      body.position(body.position() + got);
    }
    return Frame.of(header, body.flip());
  }
}
