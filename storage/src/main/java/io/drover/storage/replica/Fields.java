package io.drover.storage.replica;

import io.drover.storage.disk.DiskId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the fields of a frame one after the other. */
final class Fields {
  private static final int MAX_TEXT_BYTES = 4096;

  private ByteBuffer bytes;

  Fields() {
    this(128);
  }

  Fields(int expectedBytes) {
    bytes = ByteBuffer.allocate(expectedBytes);
  }

  private ByteBuffer room(int wanted) {
    if (bytes.remaining() < wanted) {
      bytes =
          ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.position() + wanted))
              .put(bytes.flip());
    }
    return bytes;
  }

  Fields add(byte value) {
    room(1).put(value);
    return this;
  }

  Fields add(boolean value) {
    return add((byte) (value ? 1 : 0));
  }

  Fields add(int value) {
    room(4).putInt(value);
    return this;
  }

  Fields add(long value) {
    room(8).putLong(value);
    return this;
  }

  /** Cut after some 4,000 bytes. */
  Fields add(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_TEXT_BYTES);
    room(2 + length).putShort((short) length).put(text, 0, length);
    return this;
  }

  Fields add(ContainerId id) {
    return add(id.disk().value()).add(id.index());
  }

  Fields add(LogPosition position) {
    return add(position.epoch()).add(position.sequence());
  }

  Fields add(int[] values) {
    add(values.length);
    room(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return this;
  }

  Fields add(ByteBuffer data) {
    room(data.remaining()).put(data.duplicate());
    return this;
  }

  ByteBuffer done() {
    return bytes.flip();
  }

  /** The bytes of a bit set, with their number. */
  Fields addBits(byte[] bits) {
    add(bits.length);
    room(bits.length).put(bits);
    return this;
  }

  // ---- reading; a BufferUnderflowException tells that a frame is too short

  static boolean flag(ByteBuffer source) {
    return source.get() != 0;
  }

  static String text(ByteBuffer source) {
    return StandardCharsets.UTF_8.decode(bytes(source, source.getShort())).toString();
  }

  static ContainerId container(ByteBuffer source) {
    return new ContainerId(new DiskId(text(source)), source.getInt());
  }

  static LogPosition position(ByteBuffer source) {
    return new LogPosition(source.getLong(), source.getLong());
  }

  static int[] ints(ByteBuffer source) {
    int length = source.getInt();
    if (length < 0 || length > source.remaining() / 4) {
      throw new BufferUnderflowException();
    }
    int[] values = new int[length];
    Arrays.setAll(values, i -> source.getInt());
    return values;
  }

  /** The next bytes, not copied. */
  static ByteBuffer bytes(ByteBuffer source, int length) {
    if (length < 0 || length > source.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = source.slice(source.position(), length);
    source.position(source.position() + length);
    return slice;
  }

  static byte[] bits(ByteBuffer source) {
    ByteBuffer slice = bytes(source, source.getInt());
    byte[] bits = new byte[slice.remaining()];
    slice.get(bits);
    return bits;
  }
}
