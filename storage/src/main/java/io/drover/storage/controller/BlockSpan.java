package io.drover.storage.controller;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A run of blocks inside a container, and how bytes at an offset map to it. Pure. */
record BlockSpan(int first, int count, int blockSize) {

  /** The blocks that a range of bytes touches. */
  static BlockSpan of(long offset, long length, int blockSize) {
    int first = Math.toIntExact(offset / blockSize);
    int end = Math.toIntExact((offset + length + blockSize - 1) / blockSize);
    return new BlockSpan(first, end - first, blockSize);
  }

  /** The blocks that a range of bytes covers whole; empty when there are none. */
  static BlockSpan inside(long offset, long length, int blockSize) {
    int first = Math.toIntExact((offset + blockSize - 1) / blockSize);
    int end = Math.toIntExact((offset + length) / blockSize);
    return new BlockSpan(first, Math.max(0, end - first), blockSize);
  }

  int end() {
    return first + count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  long firstByte() {
    return (long) first * blockSize;
  }

  long endByte() {
    return (long) end() * blockSize;
  }

  BlockSpan block(int index) {
    return new BlockSpan(first + index, 1, blockSize);
  }

  /** The span in pieces of at most so many blocks. */
  List<BlockSpan> parts(int maxBlocks) {
    List<BlockSpan> parts = new ArrayList<>();
    for (int at = first; at < end(); at += maxBlocks) {
      parts.add(new BlockSpan(at, Math.min(maxBlocks, end() - at), blockSize));
    }
    return parts;
  }

  /**
   * Copies what this span's blocks hold of the range that begins at {@code offset} to where it
   * belongs in {@code into}; the position of {@code into} stands for {@code offset} and stays.
   */
  void copyOut(ByteBuffer blocks, long offset, ByteBuffer into) {
    long from = Math.max(offset, firstByte());
    long to = Math.min(offset + into.remaining(), endByte());
    into.put(
        into.position() + Math.toIntExact(from - offset),
        blocks,
        blocks.position() + Math.toIntExact(from - firstByte()),
        Math.toIntExact(to - from));
  }

  /** Copies bytes that begin at {@code offset} into the buffer of this span's blocks. */
  void copyIn(ByteBuffer from, long offset, ByteBuffer blocks) {
    blocks.put(Math.toIntExact(offset - firstByte()), from, from.position(), from.remaining());
  }
}
