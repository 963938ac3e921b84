package io.drover.storage.controller;

import java.util.ArrayList;
import java.util.List;

/** How a range of a disk falls on its containers. Pure. */
final class Striping {
  private Striping() {}

  /**
   * The part of a range that lies in one container.
   *
   * @param offset inside the container
   * @param diskOffset the same place on the disk
   */
  record Piece(int container, long offset, long length, long diskOffset) {}

  static List<Piece> pieces(long offset, long length, long containerBytes) {
    List<Piece> pieces = new ArrayList<>();
    long at = offset;
    long end = offset + length;
    while (at < end) {
      long inside = at % containerBytes;
      long here = Math.min(end - at, containerBytes - inside);
      pieces.add(new Piece(Math.toIntExact(at / containerBytes), inside, here, at));
      at += here;
    }
    return pieces;
  }
}
