package io.drover.storage.replica;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Failures as they travel: a code for the kind, the message, and what the kind carries. */
final class Failures {
  private Failures() {}

  static ByteBuffer encode(ReplicaException failure) {
    String message = String.valueOf(failure.getMessage());
    Fields fields = new Fields(256);
    switch (failure) {
      case ReplicaException.Fenced e -> fields.add((byte) 1).add(message).add(e.epoch());
      case ReplicaException.Gap e -> fields.add((byte) 2).add(message).add(e.last());
      case ReplicaException.Behind e -> fields.add((byte) 3).add(message).add(e.last());
      case ReplicaException.Diverged e -> fields.add((byte) 4).add(message).add(e.last());
      case ReplicaException.Absent _ -> fields.add((byte) 5).add(message);
      case ReplicaException.BadBlock e -> addBlocks(fields.add((byte) 6).add(message), e.blocks());
      case ReplicaException.Damaged e -> fields.add((byte) 7).add(message).add(e.sequence());
      case ReplicaException.Superseded _ -> fields.add((byte) 8).add(message);
      case ReplicaException.NoSpace _ -> fields.add((byte) 9).add(message);
      case ReplicaException.StoreFailed _ -> fields.add((byte) 10).add(message);
      case ReplicaException.Unreachable _ -> fields.add((byte) 11).add(message);
      case ReplicaException.Invalid _ -> fields.add((byte) 12).add(message);
    }
    return fields.done();
  }

  static ReplicaException decode(ByteBuffer s) throws ProtocolException {
    int code = s.get();
    String message = Fields.text(s);
    return switch (code) {
      case 1 -> new ReplicaException.Fenced(message, s.getLong());
      case 2 -> new ReplicaException.Gap(message, Fields.position(s));
      case 3 -> new ReplicaException.Behind(message, Fields.position(s));
      case 4 -> new ReplicaException.Diverged(message, Fields.position(s));
      case 5 -> new ReplicaException.Absent(message);
      case 6 -> new ReplicaException.BadBlock(message, blocks(s));
      case 7 -> new ReplicaException.Damaged(message, s.getLong());
      case 8 -> new ReplicaException.Superseded(message);
      case 9 -> new ReplicaException.NoSpace(message);
      case 10 -> new ReplicaException.StoreFailed(message, null);
      case 11 -> new ReplicaException.Unreachable(message, null);
      case 12 -> new ReplicaException.Invalid(message);
      default -> throw new ProtocolException("failure of kind " + code);
    };
  }

  /** As metrics name it. */
  static String label(ReplicaException failure) {
    return failure.getClass().getSimpleName();
  }

  private static void addBlocks(Fields fields, List<BlockReference> blocks) {
    fields.add(blocks.size());
    for (BlockReference block : blocks) {
      fields.add(block.block()).add(block.version()).add(block.sequence());
    }
  }

  private static List<BlockReference> blocks(ByteBuffer s) {
    List<BlockReference> blocks = new ArrayList<>();
    for (int left = s.getInt(); left > 0; left--) {
      blocks.add(new BlockReference(s.getInt(), s.getInt(), s.getLong()));
    }
    return blocks;
  }
}
