package io.drover.storage.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A small NBD client that does what it is told, right or wrong, one message at a time.
 *
 * <p>It knows the wire on its own: the numbers are written out here, so that a slip in the server's
 * constants is seen.
 */
public final class NbdTestClient implements AutoCloseable {
  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel channel;
  private long nextCookie = 0x1000;

  private NbdTestClient(SocketChannel channel) {
    this.channel = channel;
  }

  /** An answer to an option. */
  // Bytes as they came; nobody compares whole replies.
  @SuppressWarnings("ArrayRecordComponent")
  public record OptionReply(int option, int type, byte[] data) {
    boolean isError() {
      return type < 0;
    }

    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  /** A simple reply, or a structured chunk: then type and payload are set. */
  // Bytes as they came; nobody compares whole replies.
  @SuppressWarnings("ArrayRecordComponent")
  public record Reply(
      long cookie, boolean structured, int flags, int type, int error, byte[] data) {
    /** The descriptors of a block status chunk as (length, flags) pairs. */
    List<List<Integer>> extents() {
      ByteBuffer payload = ByteBuffer.wrap(data).position(4);
      List<List<Integer>> extents = new ArrayList<>();
      while (payload.hasRemaining()) {
        extents.add(List.of(payload.getInt(), payload.getInt()));
      }
      return extents;
    }
  }

  public static NbdTestClient connect(Path unixSocket) throws IOException {
    return connect(UnixDomainSocketAddress.of(unixSocket));
  }

  public static NbdTestClient connect(SocketAddress address) throws IOException {
    SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    channel.connect(address);
    return new NbdTestClient(channel);
  }

  /** Through the handshake into the transmission phase, with all extensions. */
  public static NbdTestClient open(Path unixSocket, String export) throws IOException {
    NbdTestClient client = connect(unixSocket).greet(3);
    client.option(8, NOTHING);
    client.option(10, metaContext(export, "base:allocation"));
    List<OptionReply> replies = client.option(7, info(export));
    if (replies.getLast().isError()) {
      throw new IOException(replies.getLast().text());
    }
    return client;
  }

  /** Without structured replies. */
  public static NbdTestClient openSimple(Path unixSocket, String export) throws IOException {
    NbdTestClient client = connect(unixSocket).greet(3);
    client.option(7, info(export));
    return client;
  }

  public NbdTestClient greet(int clientFlags) throws IOException {
    ByteBuffer greeting = receive(18);
    require(greeting.getLong() == 0x4e42444d41474943L, "first magic");
    require(greeting.getLong() == 0x49484156454F5054L, "second magic");
    require(greeting.getShort() == 3, "handshake flags");
    send(ByteBuffer.allocate(4).putInt(clientFlags).flip());
    return this;
  }

  /** Sends an option and takes all its replies. */
  public List<OptionReply> option(int option, byte[] data) throws IOException {
    sendOption(option, data);
    List<OptionReply> replies = new ArrayList<>();
    do {
      replies.add(optionReply());
    } while (replies.getLast().type() != 1 && !replies.getLast().isError());
    return replies;
  }

  public void sendOption(int option, byte[] data) throws IOException {
    send(
        ByteBuffer.allocate(16 + data.length)
            .putLong(0x49484156454F5054L)
            .putInt(option)
            .putInt(data.length)
            .put(data)
            .flip());
  }

  OptionReply optionReply() throws IOException {
    ByteBuffer header = receive(20);
    require(header.getLong() == 0x3e889045565a9L, "option reply magic");
    int option = header.getInt();
    int type = header.getInt();
    return new OptionReply(option, type, receive(header.getInt()).array());
  }

  public static byte[] info(String export, int... wanted) {
    byte[] name = export.getBytes(StandardCharsets.UTF_8);
    ByteBuffer data = ByteBuffer.allocate(6 + name.length + 2 * wanted.length);
    data.putInt(name.length).put(name).putShort((short) wanted.length);
    for (int one : wanted) {
      data.putShort((short) one);
    }
    return data.array();
  }

  public static byte[] metaContext(String export, String... queries) {
    byte[] name = export.getBytes(StandardCharsets.UTF_8);
    int length = Arrays.stream(queries).mapToInt(query -> 4 + query.length()).sum();
    ByteBuffer data = ByteBuffer.allocate(8 + name.length + length);
    data.putInt(name.length).put(name).putInt(queries.length);
    for (String query : queries) {
      data.putInt(query.length()).put(query.getBytes(StandardCharsets.US_ASCII));
    }
    return data.array();
  }

  /** Sends a request and answers its cookie. */
  public long request(int type, int flags, long offset, int length, byte[] payload)
      throws IOException {
    long cookie = nextCookie++;
    send(
        ByteBuffer.allocate(28 + payload.length)
            .putInt(0x25609513)
            .putShort((short) flags)
            .putShort((short) type)
            .putLong(cookie)
            .putLong(offset)
            .putInt(length)
            .put(payload)
            .flip());
    return cookie;
  }

  /** Takes the next reply; {@code simpleData} is how much data a simple reply carries. */
  public Reply reply(int simpleData) throws IOException {
    int magic = receive(4).getInt();
    if (magic == 0x67446698) {
      ByteBuffer rest = receive(12);
      int error = rest.getInt();
      long cookie = rest.getLong();
      byte[] data = error == 0 ? receive(simpleData).array() : NOTHING;
      return new Reply(cookie, false, 1, 0, error, data);
    }
    require(magic == 0x668e33ef, "reply magic");
    ByteBuffer header = receive(16);
    int flags = header.getShort();
    int type = Short.toUnsignedInt(header.getShort());
    long cookie = header.getLong();
    byte[] payload = receive(header.getInt()).array();
    int error = type >= 0x8000 ? ByteBuffer.wrap(payload).getInt() : 0;
    return new Reply(cookie, true, flags, type, error, payload);
  }

  public Reply call(int type, int flags, long offset, int length) throws IOException {
    long cookie = request(type, flags, offset, length, NOTHING);
    Reply reply = reply(type == 0 ? length : 0);
    require(reply.cookie() == cookie, "the cookie of the reply");
    return reply;
  }

  /** A read with structured replies; answers the data. */
  public byte[] read(long offset, int length) throws IOException {
    Reply reply = call(0, 0, offset, length);
    require(reply.error() == 0, "success of a read, error " + reply.error());
    return reply.structured() ? Arrays.copyOfRange(reply.data(), 8, 8 + length) : reply.data();
  }

  public Reply write(long offset, byte[] data, int flags) throws IOException {
    long cookie = request(1, flags, offset, data.length, data);
    Reply reply = reply(0);
    require(reply.cookie() == cookie, "the cookie of the reply");
    return reply;
  }

  public void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Tells the server that nothing more will come; replies can still be taken. */
  public void endSending() throws IOException {
    channel.shutdownOutput();
  }

  /** Whether the server has ended the stream; takes and drops what is still in it. */
  public boolean ended() throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(4096);
    try {
      int got;
      do {
        got = channel.read(rest.clear());
      } while (got >= 0);
      return true;
    } catch (IOException reset) {
      return channel.isOpen();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  ByteBuffer receive(int bytes) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(bytes);
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the server ended the connection");
      }
    }
    return into.flip();
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("not as the protocol says: " + what);
    }
  }
}
