package io.drover.config;

import java.util.Optional;

/**
 * One thing that is wrong with the settings, with everything an operator needs to correct it.
 *
 * @param file where the value was written: a file, or a description of another source such as
 *     "system properties"
 * @param line line in that file, 0 when the source has no lines
 * @param key full key, such as {@code drover.storage.port}
 * @param value the offending value as it was written; empty when the key is missing
 * @param accepted what would have been accepted, or what to do instead
 */
public record ConfigProblem(
    String file, int line, String key, Optional<String> value, String accepted) {

  /** One line in the style of compilers, so that editors can jump to it. */
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line : file;
    String what = value.map(v -> key + " = " + v).orElse(key);
    return place + ": " + what + ": " + accepted;
  }
}
