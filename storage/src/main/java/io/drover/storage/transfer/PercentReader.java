package io.drover.storage.transfer;

import java.io.IOException;
import java.io.Reader;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes {@code qemu-img -p}'s progress out of its output: {@code (12.34/100%)} after each return.
 */
final class PercentReader {
  private static final Pattern PERCENT = Pattern.compile("\\((\\d{1,3})\\.\\d+/100%\\)");

  /** A line of progress is shorter; anything longer is not worth keeping. */
  private static final int MAX_LINE = 256;

  private PercentReader() {}

  /** Reads to the end; tells of each whole percentage once, in rising order. */
  static void read(Reader output, IntConsumer percentReached) throws IOException {
    StringBuilder line = new StringBuilder();
    int told = -1;
    for (int c = output.read(); c >= 0; c = output.read()) {
      if (c != '\r' && c != '\n') {
        if (line.length() < MAX_LINE) {
          line.append((char) c);
        }
        continue;
      }
      Matcher matcher = PERCENT.matcher(line);
      if (matcher.find()) {
        int percent = Integer.parseInt(matcher.group(1));
        if (percent > told) {
          told = percent;
          percentReached.accept(percent);
        }
      }
      line.setLength(0);
    }
  }
}
