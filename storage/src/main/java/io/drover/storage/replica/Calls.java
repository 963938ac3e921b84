package io.drover.storage.replica;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The fields of each call and of each answer, both ways. */
final class Calls {
  private Calls() {}

  // ---- calls

  record Fence(ContainerId container, long epoch, boolean create) {
    ByteBuffer encode() {
      return new Fields().add(container).add(epoch).add(create).done();
    }

    static Fence decode(ByteBuffer s) {
      return new Fence(Fields.container(s), s.getLong(), Fields.flag(s));
    }
  }

  record Flush(ContainerId container, long epoch, long sequence) {
    ByteBuffer encode() {
      return new Fields().add(container).add(epoch).add(sequence).done();
    }

    static Flush decode(ByteBuffer s) {
      return new Flush(Fields.container(s), s.getLong(), s.getLong());
    }
  }

  record Fetch(ContainerId container, long epoch, LogPosition after, int maxBytes) {
    ByteBuffer encode() {
      return new Fields().add(container).add(epoch).add(after).add(maxBytes).done();
    }

    static Fetch decode(ByteBuffer s) {
      return new Fetch(Fields.container(s), s.getLong(), Fields.position(s), s.getInt());
    }
  }

  record Truncate(ContainerId container, long epoch, LogPosition last) {
    ByteBuffer encode() {
      return new Fields().add(container).add(epoch).add(last).done();
    }

    static Truncate decode(ByteBuffer s) {
      return new Truncate(Fields.container(s), s.getLong(), Fields.position(s));
    }
  }

  record Repair(
      ContainerId container, long epoch, int block, int version, long sequence, ByteBuffer data) {
    /** Without the data, which follows. */
    ByteBuffer encode() {
      return new Fields().add(container).add(epoch).add(block).add(version).add(sequence).done();
    }

    static Repair decode(ByteBuffer s) {
      return new Repair(
          Fields.container(s),
          s.getLong(),
          s.getInt(),
          s.getInt(),
          s.getLong(),
          Fields.bytes(s, s.remaining()));
    }
  }

  record Delete(ContainerId container, long epoch) {
    ByteBuffer encode() {
      return new Fields().add(container).add(epoch).done();
    }

    static Delete decode(ByteBuffer s) {
      return new Delete(Fields.container(s), s.getLong());
    }
  }

  /** Without the record's data, which follows. */
  static ByteBuffer encode(AppendRequest q) {
    Fields fields = new Fields();
    fields.add(q.container()).add(q.epoch()).add(q.committedSequence());
    addRecord(fields, q.record());
    return fields.done();
  }

  static AppendRequest append(ByteBuffer s) {
    return new AppendRequest(Fields.container(s), s.getLong(), s.getLong(), record(s));
  }

  static ByteBuffer encode(ReadRequest q) {
    return new Fields(128 + 4 * q.versionPath().length)
        .add(q.container())
        .add(q.epoch())
        .add(q.firstBlock())
        .add(q.blockCount())
        .add(q.blockSizeBytes())
        .add(q.sealedSequence())
        .add(q.versionPath())
        .done();
  }

  static ReadRequest read(ByteBuffer s) {
    ContainerId container = Fields.container(s);
    long epoch = s.getLong();
    int firstBlock = s.getInt();
    int blockCount = s.getInt();
    int blockSizeBytes = s.getInt();
    long sealedSequence = s.getLong();
    return new ReadRequest(
        container, epoch, firstBlock, blockCount, blockSizeBytes, Fields.ints(s), sealedSequence);
  }

  // ---- answers

  static ByteBuffer encode(ContainerState state) {
    Fields fields = new Fields(256);
    fields.add(state.presence() == ContainerState.Presence.PRESENT);
    fields.add(state.last()).add(state.durableSequence()).add(state.bootId());
    fields.add(state.damagedSequence()).add(state.epochStarts().size());
    for (EpochStart start : state.epochStarts()) {
      fields.add(start.epoch()).add(start.firstSequence());
    }
    return fields.done();
  }

  static ContainerState state(ByteBuffer s) {
    boolean present = Fields.flag(s);
    LogPosition last = Fields.position(s);
    long durable = s.getLong();
    String bootId = Fields.text(s);
    long damaged = s.getLong();
    List<EpochStart> starts = new ArrayList<>();
    for (int left = s.getInt(); left > 0; left--) {
      starts.add(new EpochStart(s.getLong(), s.getLong()));
    }
    ContainerState.Presence presence =
        present ? ContainerState.Presence.PRESENT : ContainerState.Presence.ABSENT;
    return new ContainerState(presence, last, durable, bootId, starts, damaged);
  }

  static ByteBuffer encode(Durable durable) {
    return new Fields().add(durable.sequence()).add(durable.bootId()).done();
  }

  static Durable durable(ByteBuffer s) {
    return new Durable(s.getLong(), Fields.text(s));
  }

  /** Without the data, which follows. */
  static ByteBuffer encode(ReadReply reply) {
    return new Fields()
        .addBits(reply.present().toByteArray())
        .addBits(reply.zero().toByteArray())
        .done();
  }

  static ReadReply readReply(ByteBuffer s) {
    BitSet present = BitSet.valueOf(Fields.bits(s));
    BitSet zero = BitSet.valueOf(Fields.bits(s));
    return new ReadReply(present, Fields.bytes(s, s.remaining()), zero);
  }

  static ByteBuffer encode(LogChunk chunk) {
    int bytes = 16;
    for (LogRecord record : chunk.records()) {
      bytes += 64 + record.data().remaining();
    }
    Fields fields = new Fields(bytes).add(chunk.end()).add(chunk.records().size());
    for (LogRecord record : chunk.records()) {
      addRecord(fields, record);
      fields.add(record.data());
    }
    return fields.done();
  }

  static LogChunk chunk(ByteBuffer s) {
    boolean end = Fields.flag(s);
    List<LogRecord> records = new ArrayList<>();
    for (int left = s.getInt(); left > 0; left--) {
      records.add(record(s));
    }
    return new LogChunk(records, end);
  }

  private static void addRecord(Fields fields, LogRecord r) {
    int kind =
        switch (r.kind()) {
          case DATA -> 1;
          case ZERO -> 2;
          case EPOCH_MARK -> 3;
        };
    fields.add((byte) kind).add(r.epoch()).add(r.sequence());
    fields.add(r.firstBlock()).add(r.blockCount()).add(r.version()).add(r.data().remaining());
  }

  private static LogRecord record(ByteBuffer s) {
    int code = s.get();
    LogRecord.Kind kind =
        switch (code) {
          case 1 -> LogRecord.Kind.DATA;
          case 2 -> LogRecord.Kind.ZERO;
          case 3 -> LogRecord.Kind.EPOCH_MARK;
          default -> throw new IllegalArgumentException("record kind " + code);
        };
    long epoch = s.getLong();
    long sequence = s.getLong();
    int firstBlock = s.getInt();
    int blockCount = s.getInt();
    int version = s.getInt();
    ByteBuffer data = Fields.bytes(s, s.getInt());
    return new LogRecord(epoch, sequence, kind, firstBlock, blockCount, version, data);
  }
}
