package io.drover.storage.store;

import java.io.IOException;

/** A file of a container that must be right is not: the container cannot be served. */
final class UnreadableException extends IOException {
  UnreadableException(String message) {
    super(message);
  }
}
