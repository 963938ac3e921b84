package io.drover.storage.nbd;

import java.util.Locale;
import java.util.Optional;

/** The requests that are served; DISC ends the phase. */
enum Command {
  READ(0, Nbd.CMD_FLAG_DF),
  WRITE(1, 0),
  DISC(2, 0),
  FLUSH(3, 0),
  TRIM(4, 0),
  CACHE(5, 0),
  WRITE_ZEROES(6, Nbd.CMD_FLAG_NO_HOLE),
  BLOCK_STATUS(7, Nbd.CMD_FLAG_REQ_ONE);

  private final int code;
  private final int flags;
  private final String label;

  Command(int code, int flags) {
    this.code = code;
    // Clients may set FUA on every command.
    this.flags = flags | Nbd.CMD_FLAG_FUA;
    this.label = name().toLowerCase(Locale.ROOT);
  }

  static Optional<Command> of(int code) {
    for (Command command : values()) {
      if (command.code == code) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }

  /** The request flags that mean something with this command. */
  int flags() {
    return flags;
  }

  /** The name in metrics. */
  String label() {
    return label;
  }

  boolean changesData() {
    return this == WRITE || this == TRIM || this == WRITE_ZEROES;
  }
}
