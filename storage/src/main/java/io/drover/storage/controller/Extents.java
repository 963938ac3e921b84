package io.drover.storage.controller;

import io.drover.storage.block.Extent;
import io.drover.storage.replica.ReadReply;
import java.util.ArrayList;
import java.util.List;

/** Puts together what is known of a range, block by block; neighbours of one kind become one. */
final class Extents {
  private final List<Extent> extents = new ArrayList<>();
  private long lengthBytes;

  /** Adds what a reply says of the bytes from {@code from} to {@code to} inside its container. */
  void add(BlockSpan span, ReadReply reply, long from, long to) {
    for (int i = 0; i < span.count(); i++) {
      long begin = Math.max(from, span.block(i).firstByte());
      long end = Math.min(to, span.block(i).endByte());
      boolean stored = reply.present().get(i) && !reply.zero().get(i);
      append(stored ? Extent.data(end - begin) : Extent.hole(end - begin));
    }
  }

  private void append(Extent next) {
    lengthBytes += next.lengthBytes();
    if (!extents.isEmpty() && extents.getLast().sameKindAs(next)) {
      Extent last = extents.removeLast();
      extents.add(new Extent(last.lengthBytes() + next.lengthBytes(), last.hole(), last.zero()));
    } else {
      extents.add(next);
    }
  }

  long lengthBytes() {
    return lengthBytes;
  }

  int count() {
    return extents.size();
  }

  List<Extent> result() {
    return List.copyOf(extents);
  }
}
