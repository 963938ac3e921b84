package io.drover.storage.nbd;

import java.io.IOException;

/** The client broke the protocol in a way that only ending the connection can answer. */
final class NbdProtocolException extends IOException {
  NbdProtocolException(String message) {
    super(message);
  }
}
