package io.drover.daemon.trace;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a recording is written. */
public enum TraceFormat {
  /** CPU use in percent, one number a line, every 300 s; one VM a file. */
  PLANETLAB {
    @Override
    List<TimedSeries> parse(String file, List<String> lines) throws TraceException {
      TimedSeries series = new TimedSeries(file);
      long second = 0;
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          series.add(second, number(file, i, lines.get(i)));
          second += PLANETLAB_SECONDS;
        }
      }
      return List.of(series);
    }
  },

  /**
   * GWA-T-12 Bitbrains: columns parted by semicolons below a header; the first is the time in
   * seconds (whatever the header says), the fifth CPU use in percent; one VM a file.
   */
  BITBRAINS {
    @Override
    List<TimedSeries> parse(String file, List<String> lines) throws TraceException {
      TimedSeries series = new TimedSeries(file);
      for (int i = 1; i < lines.size(); i++) {
        if (lines.get(i).isBlank()) {
          continue;
        }
        String[] columns = lines.get(i).split(";", -1);
        if (columns.length < 5) {
          throw wrong(file, i, "has " + columns.length + " columns; expected 11, parted by ;");
        }
        series.add((long) number(file, i, columns[0]), number(file, i, columns[4]));
      }
      return List.of(series);
    }
  },

  /**
   * Columns parted by commas below a header that names {@code time} (seconds since 1970, or ISO
   * 8601) and {@code value}, and {@code series} when the file holds several.
   */
  CSV {
    @Override
    List<TimedSeries> parse(String file, List<String> lines) throws TraceException {
      List<String> header =
          lines.isEmpty()
              ? List.of()
              : List.of(lines.getFirst().toLowerCase(Locale.ROOT).replace(" ", "").split(",", -1));
      int time = header.indexOf("time");
      int value = header.indexOf("value");
      int name = header.indexOf("series");
      if (time < 0 || value < 0) {
        throw wrong(file, 0, "is no header with the columns time and value");
      }
      Map<String, TimedSeries> byName = new LinkedHashMap<>();
      for (int i = 1; i < lines.size(); i++) {
        if (lines.get(i).isBlank()) {
          continue;
        }
        String[] columns = lines.get(i).split(",", -1);
        if (columns.length != header.size()) {
          throw wrong(
              file, i, "has " + columns.length + " columns; the header has " + header.size());
        }
        String series = name < 0 ? file : columns[name].strip();
        byName
            .computeIfAbsent(series, TimedSeries::new)
            .add(second(file, i, columns[time]), number(file, i, columns[value]));
      }
      return new ArrayList<>(byName.values());
    }
  };

  private static final long PLANETLAB_SECONDS = 300;

  /** The series of one file. */
  abstract List<TimedSeries> parse(String file, List<String> lines) throws TraceException;

  private static long second(String file, int line, String text) throws TraceException {
    String stripped = text.strip();
    if (stripped.contains("T")) {
      try {
        return Instant.parse(stripped).getEpochSecond();
      } catch (DateTimeException notATime) {
        throw wrong(file, line, "\"" + shortened(stripped) + "\" is not a time");
      }
    }
    return (long) number(file, line, stripped);
  }

  private static double number(String file, int line, String text) throws TraceException {
    try {
      double number = Double.parseDouble(text.strip());
      if (Math.abs(number) <= 1e15) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, like a number that is out of range.
    }
    throw wrong(file, line, "\"" + shortened(text.strip()) + "\" is not a number that can be used");
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private static TraceException wrong(String file, int line, String what) {
    return new TraceException(file + ":" + (line + 1) + ": " + what);
  }
}
