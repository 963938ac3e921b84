package io.drover.storage.replica;

import java.io.IOException;

/** The other side of a connection broke the protocol; the connection is of no use any more. */
final class ProtocolException extends IOException {
  ProtocolException(String message) {
    super(message);
  }
}
