package io.drover.storage.nbd;

import java.util.Optional;

/**
 * One request as it came off the wire.
 *
 * @param lengthBytes an unsigned 32-bit number
 */
record Request(Command command, int flags, long cookie, long offsetBytes, long lengthBytes) {

  /** An answer that needs no device. */
  record Refusal(int error, String message) {}

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Payload that the server must hold in memory while it serves the request. */
  int payloadBytes() {
    return command == Command.READ || command == Command.WRITE ? (int) lengthBytes : 0;
  }

  /** What the protocol says to requests that cannot be served as they are. */
  Optional<Refusal> refusal(Session session, int maxRequestBytes) {
    int strange = flags & ~command.flags();
    if (strange != 0 || (has(Nbd.CMD_FLAG_DF) && !session.structuredReplies())) {
      return refuse(Nbd.EINVAL, "flags " + Integer.toHexString(flags) + " do not fit " + command);
    }
    if (command.changesData() && session.export().readOnly()) {
      return refuse(Nbd.EPERM, "the export is read-only");
    }
    if (command == Command.BLOCK_STATUS && (!session.allocation() || lengthBytes == 0)) {
      return refuse(Nbd.EINVAL, "block status needs base:allocation selected, and a length");
    }
    if (command == Command.FLUSH) {
      return offsetBytes == 0 && lengthBytes == 0
          ? Optional.empty()
          : refuse(Nbd.EINVAL, "a flush takes no range");
    }
    if (command == Command.READ && lengthBytes > maxRequestBytes) {
      return refuse(Nbd.EOVERFLOW, "reads are limited to " + maxRequestBytes + " bytes");
    }
    if (command == Command.WRITE && lengthBytes > maxRequestBytes) {
      return refuse(Nbd.EINVAL, "writes are limited to " + maxRequestBytes + " bytes");
    }
    long size = session.export().device().sizeBytes();
    if (offsetBytes < 0 || lengthBytes > size || offsetBytes > size - lengthBytes) {
      boolean grows = command == Command.WRITE || command == Command.WRITE_ZEROES;
      return refuse(grows ? Nbd.ENOSPC : Nbd.EINVAL, "the range leaves a disk of " + size);
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(int error, String message) {
    return Optional.of(new Refusal(error, message));
  }
}
