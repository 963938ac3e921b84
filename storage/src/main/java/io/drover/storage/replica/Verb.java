package io.drover.storage.replica;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a frame asks for or answers. */
enum Verb {
  HELLO(1),
  PING(2),
  FENCE(3),
  APPEND(4),
  FLUSH(5),
  READ(6),
  FETCH(7),
  TRUNCATE(8),
  REPAIR(9),
  DELETE(10),
  DONE(64),
  FAILED(65);

  private static final Verb[] ALL = values();

  final int code;

  Verb(int code) {
    this.code = code;
  }

  static @Nullable Verb of(int code) {
    for (Verb verb : ALL) {
      if (verb.code == code) {
        return verb;
      }
    }
    return null;
  }

  /** As metrics name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
