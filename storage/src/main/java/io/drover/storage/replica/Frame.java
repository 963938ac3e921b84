package io.drover.storage.replica;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One message of the replica protocol: a call or its answer.
 *
 * <pre>
 *   0  magic            2
 *   2  verb             1
 *   3  (zero)           1
 *   4  length of body   4
 *   8  number of call   8   the answer carries the same
 *  16  CRC32C of body   4
 *  20  CRC32C of 0..19  4
 * </pre>
 *
 * All numbers are big-endian. The header has a checksum of its own so that a damaged length is not
 * believed.
 */
record Frame(Verb verb, long call, ByteBuffer body) {
  static final int HEADER_BYTES = 24;

  /** Room for the longest version path, or some fetched records more than asked for. */
  static final int MAX_BODY_BYTES = 3 * LogRecord.MAX_DATA_BYTES;

  private static final short MAGIC = 0x44_52; // DR

  /** What a header says. */
  record Header(Verb verb, long call, int bodyBytes, int bodyChecksum) {}

  /** The buffers to send: header with the fields, then the data as it lies in memory. */
  static List<ByteBuffer> encode(Verb verb, long call, ByteBuffer fields, ByteBuffer data) {
    CRC32C crc = new CRC32C();
    crc.update(fields.duplicate());
    crc.update(data.duplicate());
    int bodyBytes = fields.remaining() + data.remaining();
    ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES + fields.remaining());
    head.putShort(MAGIC).put((byte) verb.code).put((byte) 0).putInt(bodyBytes).putLong(call);
    head.putInt((int) crc.getValue());
    head.putInt(checksum(head.slice(0, HEADER_BYTES - 4)));
    head.put(fields.duplicate()).flip();
    return data.hasRemaining() ? List.of(head, data.duplicate()) : List.of(head);
  }

  static Header header(ByteBuffer bytes) throws ProtocolException {
    int at = bytes.position();
    if (bytes.getInt(at + HEADER_BYTES - 4) != checksum(bytes.slice(at, HEADER_BYTES - 4))) {
      throw new ProtocolException("frame header fails its checksum");
    }
    if (bytes.getShort(at) != MAGIC) {
      throw new ProtocolException("not the replica protocol");
    }
    Verb verb = Verb.of(bytes.get(at + 2));
    int bodyBytes = bytes.getInt(at + 4);
    if (verb == null || bodyBytes < 0 || bodyBytes > MAX_BODY_BYTES) {
      throw new ProtocolException(
          "frame with verb "
              + bytes.get(at + 2)
              + " and "
              + bodyBytes
              + " bytes: accepted are known verbs and up to "
              + MAX_BODY_BYTES);
    }
    return new Header(verb, bytes.getLong(at + 8), bodyBytes, bytes.getInt(at + 16));
  }

  static Frame of(Header header, ByteBuffer body) throws ProtocolException {
    if (checksum(body) != header.bodyChecksum) {
      throw new ProtocolException("frame body fails its checksum");
    }
    return new Frame(header.verb, header.call, body);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
