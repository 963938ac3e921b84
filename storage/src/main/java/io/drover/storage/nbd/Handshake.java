package io.drover.storage.nbd;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first phase of a connection: the client asks what there is, chooses extensions and an export.
 *
 * <p>What the client gets wrong inside an option is answered with an error and the phase goes on;
 * what makes the stream unreadable (a wrong magic, an option beyond all bounds) ends the
 * connection.
 */
final class Handshake {
  /** Longer options are skipped and refused. */
  private static final int MAX_OPTION_BYTES = 16 * 1024;

  /** Beyond this, skipping would be a favour to an attacker. */
  private static final int MAX_SKIPPED_BYTES = 1024 * 1024;

  /** A client needs a handful; the bound ends one that never chooses. */
  private static final int MAX_OPTIONS = 256;

  private static final int MAX_QUERIES = 64;
  private static final int EXPORT_NAME_PADDING_BYTES = 124;

  private final Wire wire;
  private final ExportTable exports;
  private final NbdSettings settings;
  private boolean noZeroes;
  private boolean structuredReplies;

  /** The export for which the client selected the allocation context. */
  private @Nullable Export allocationOf;

  Handshake(Wire wire, ExportTable exports, NbdSettings settings) {
    this.wire = wire;
    this.exports = exports;
    this.settings = settings;
  }

  private sealed interface Step {
    /** Another option may follow. */
    record Next() implements Step {}

    record Enter(Session session) implements Step {}

    record Leave() implements Step {}
  }

  private static final Step NEXT = new Step.Next();
  private static final Step LEAVE = new Step.Leave();

  /** Empty when the client left, or asked for an export that there is not. */
  Optional<Session> negotiate() throws IOException {
    greet();
    for (int count = 0; count < MAX_OPTIONS; count++) {
      if (wire.atEnd()) {
        return Optional.empty();
      }
      switch (readOption()) {
        case Step.Next next -> {}
        case Step.Enter enter -> {
          return Optional.of(enter.session());
        }
        case Step.Leave leave -> {
          return Optional.empty();
        }
      }
    }
    throw new NbdProtocolException("more than " + MAX_OPTIONS + " options and no export chosen");
  }

  private void greet() throws IOException {
    wire.writeFully(
        ByteBuffer.allocate(18)
            .putLong(Nbd.INIT_MAGIC)
            .putLong(Nbd.OPTION_MAGIC)
            .putShort((short) (Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES))
            .flip());
    int flags = wire.readInt();
    if ((flags & ~(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES)) != 0) {
      throw new NbdProtocolException("unknown client flags " + Integer.toHexString(flags));
    }
    noZeroes = (flags & Nbd.FLAG_NO_ZEROES) != 0;
  }

  private Step readOption() throws IOException {
    if (wire.readLong() != Nbd.OPTION_MAGIC) {
      throw new NbdProtocolException("an option does not begin with the option magic");
    }
    int option = wire.readInt();
    int length = wire.readInt();
    if (length < 0 || length > MAX_SKIPPED_BYTES) {
      throw new NbdProtocolException(
          "option " + option + " of " + Integer.toUnsignedString(length) + " bytes");
    }
    if (length > MAX_OPTION_BYTES) {
      wire.skip(length);
      if (option == Nbd.OPT_EXPORT_NAME) {
        return LEAVE;
      }
      return refuse(option, Nbd.REP_ERR_TOO_BIG, "the option is longer than 16384 bytes");
    }
    ByteBuffer data = ByteBuffer.wrap(wire.readBytes(length));
    try {
      return answer(option, data);
    } catch (BufferUnderflowException e) {
      return refuse(option, Nbd.REP_ERR_INVALID, "the option's data ends too early");
    }
  }

  private Step answer(int option, ByteBuffer data) throws IOException {
    return switch (option) {
      case Nbd.OPT_EXPORT_NAME -> exportName(data);
      case Nbd.OPT_ABORT -> {
        reply(option, Nbd.REP_ACK, ByteBuffer.allocate(0));
        yield LEAVE;
      }
      case Nbd.OPT_LIST -> list(data);
      case Nbd.OPT_INFO, Nbd.OPT_GO -> info(option, data);
      case Nbd.OPT_STRUCTURED_REPLY -> {
        if (data.hasRemaining()) {
          yield refuse(option, Nbd.REP_ERR_INVALID, "this option takes no data");
        }
        structuredReplies = true;
        yield acknowledge(option);
      }
      case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> metaContext(option, data);
      default -> refuse(option, Nbd.REP_ERR_UNSUP, "option " + option + " is not supported");
    };
  }

  /** The old way to choose, which knows no error but ending the connection. */
  private Step exportName(ByteBuffer data) throws IOException {
    Optional<Export> found = exports.find(text(data, data.remaining()));
    if (found.isEmpty() || found.get().resting()) {
      return LEAVE;
    }
    Export export = found.get();
    int padding = noZeroes ? 0 : EXPORT_NAME_PADDING_BYTES;
    ByteBuffer answer =
        ByteBuffer.allocate(10 + padding)
            .putLong(export.device().sizeBytes())
            .putShort((short) Session.transmissionFlags(export, structuredReplies));
    wire.writeFully(answer.rewind());
    return enter(export);
  }

  private Step list(ByteBuffer data) throws IOException {
    if (data.hasRemaining()) {
      return refuse(Nbd.OPT_LIST, Nbd.REP_ERR_INVALID, "this option takes no data");
    }
    for (Export export : exports.all()) {
      byte[] name = export.name().getBytes(StandardCharsets.UTF_8);
      reply(
          Nbd.OPT_LIST,
          Nbd.REP_SERVER,
          ByteBuffer.allocate(4 + name.length).putInt(name.length).put(name).flip());
    }
    return acknowledge(Nbd.OPT_LIST);
  }

  private Step info(int option, ByteBuffer data) throws IOException {
    String name = text(data, data.getInt());
    int count = Short.toUnsignedInt(data.getShort());
    if (data.remaining() != count * Short.BYTES) {
      return refuse(option, Nbd.REP_ERR_INVALID, "the list of information requests is misshapen");
    }
    Optional<Export> found = exports.find(name);
    if (found.isEmpty()) {
      return refuse(option, Nbd.REP_ERR_UNKNOWN, "there is no export '" + name + "'");
    }
    Export export = found.get();
    if (export.resting()) {
      return refuse(
          option, Nbd.REP_ERR_SHUTDOWN, "'" + name + "' belongs to another node now; try later");
    }
    reply(
        option,
        Nbd.REP_INFO,
        ByteBuffer.allocate(12)
            .putShort((short) Nbd.INFO_EXPORT)
            .putLong(export.device().sizeBytes())
            .putShort((short) Session.transmissionFlags(export, structuredReplies))
            .flip());
    while (data.hasRemaining()) {
      detail(option, Short.toUnsignedInt(data.getShort()), export);
    }
    acknowledge(option);
    return option == Nbd.OPT_GO ? enter(export) : NEXT;
  }

  private void detail(int option, int wanted, Export export) throws IOException {
    if (wanted == Nbd.INFO_NAME) {
      byte[] name = export.name().getBytes(StandardCharsets.UTF_8);
      reply(
          option,
          Nbd.REP_INFO,
          ByteBuffer.allocate(2 + name.length).putShort((short) wanted).put(name).flip());
    } else if (wanted == Nbd.INFO_BLOCK_SIZE) {
      reply(
          option,
          Nbd.REP_INFO,
          ByteBuffer.allocate(14)
              .putShort((short) wanted)
              .putInt(1)
              .putInt(Math.max(512, export.device().blockSizeBytes()))
              .putInt(settings.maxRequestBytes())
              .flip());
    }
  }

  private Step metaContext(int option, ByteBuffer data) throws IOException {
    boolean select = option == Nbd.OPT_SET_META_CONTEXT;
    if (select) {
      // Also a request that fails replaces what was selected before.
      allocationOf = null;
      if (!structuredReplies) {
        return refuse(option, Nbd.REP_ERR_INVALID, "ask for structured replies first");
      }
    }
    String name = text(data, data.getInt());
    int count = data.getInt();
    if (count < 0 || count > MAX_QUERIES) {
      return refuse(option, Nbd.REP_ERR_TOO_BIG, "more than " + MAX_QUERIES + " queries");
    }
    List<String> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queries.add(text(data, data.getInt()));
    }
    if (data.hasRemaining()) {
      return refuse(option, Nbd.REP_ERR_INVALID, "data follows the last query");
    }
    Optional<Export> found = exports.find(name);
    if (found.isEmpty()) {
      return refuse(option, Nbd.REP_ERR_UNKNOWN, "there is no export '" + name + "'");
    }
    boolean wildcard = !select && (queries.isEmpty() || queries.contains("base:"));
    if (wildcard || queries.contains(Nbd.ALLOCATION_CONTEXT)) {
      byte[] context = Nbd.ALLOCATION_CONTEXT.getBytes(StandardCharsets.UTF_8);
      int id = select ? Nbd.ALLOCATION_CONTEXT_ID : 0;
      reply(
          option,
          Nbd.REP_META_CONTEXT,
          ByteBuffer.allocate(4 + context.length).putInt(id).put(context).flip());
      allocationOf = select ? found.get() : allocationOf;
    }
    return acknowledge(option);
  }

  private Step enter(Export export) {
    return new Step.Enter(new Session(export, structuredReplies, export.equals(allocationOf)));
  }

  private Step acknowledge(int option) throws IOException {
    reply(option, Nbd.REP_ACK, ByteBuffer.allocate(0));
    return NEXT;
  }

  private Step refuse(int option, int error, String message) throws IOException {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    reply(option, error, ByteBuffer.wrap(text, 0, Math.min(text.length, Nbd.MAX_STRING_BYTES)));
    return NEXT;
  }

  private void reply(int option, int type, ByteBuffer data) throws IOException {
    wire.writeFully(
        ByteBuffer.allocate(20 + data.remaining())
            .putLong(Nbd.OPTION_REPLY_MAGIC)
            .putInt(option)
            .putInt(type)
            .putInt(data.remaining())
            .put(data)
            .flip());
  }

  private static String text(ByteBuffer data, int length) {
    if (length < 0 || length > Nbd.MAX_STRING_BYTES || length > data.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    data.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
