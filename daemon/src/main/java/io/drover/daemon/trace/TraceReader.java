package io.drover.daemon.trace;

import io.drover.predictor.backtest.Trace;
import io.drover.predictor.backtest.TraceSet;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Reads a folder, a {@code .tar.gz}, a {@code .tar.xz} or a single file into a {@link TraceSet}.
 */
public final class TraceReader {
  private static final int DEEPEST = 4;

  /** An archive unpacks to memory: what is larger is no trace of VMs. */
  private static final long MOST_BYTES = 4L << 30;

  private TraceReader() {}

  /** Reads the recording; the order of the series is that of their files' names. */
  public static TraceSet read(Path path, TraceFormat format) throws TraceException {
    Map<String, List<TimedSeries>> byFile = new TreeMap<>();
    try {
      if (Files.isDirectory(path)) {
        readFolder(path, format, byFile);
      } else if (Files.isRegularFile(path)) {
        readFile(path, format, byFile);
      } else {
        throw new TraceException(path + " does not exist");
      }
    } catch (IOException | UncheckedIOException unreadable) {
      throw new TraceException(path + " cannot be read: " + unreadable.getMessage());
    }
    List<TimedSeries> series = byFile.values().stream().flatMap(List::stream).toList();
    return onGrid(path, series.stream().filter(one -> !one.isEmpty()).toList());
  }

  private static TraceSet onGrid(Path path, List<TimedSeries> series) throws TraceException {
    if (series.isEmpty()) {
      throw new TraceException(path + " holds no samples");
    }
    long[] steps = series.stream().mapToLong(TimedSeries::step).filter(step -> step > 0).toArray();
    if (steps.length == 0) {
      throw new TraceException(path + " holds no series of at least two samples in order of time");
    }
    Arrays.sort(steps);
    long step = steps[steps.length / 2];
    List<Trace> traces = new ArrayList<>();
    for (TimedSeries one : series) {
      traces.add(one.onGrid(step));
    }
    return new TraceSet(Duration.ofSeconds(step), traces);
  }

  private static void readFolder(
      Path folder, TraceFormat format, Map<String, List<TimedSeries>> byFile)
      throws IOException, TraceException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder, DEEPEST)) {
      files = walk.filter(Files::isRegularFile).filter(TraceReader::isVisible).sorted().toList();
    }
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        String name = folder.relativize(file).toString();
        byFile.put(name, format.parse(name, lines(in)));
      }
    }
  }

  private static boolean isVisible(Path file) {
    return !String.valueOf(file.getFileName()).startsWith(".");
  }

  private static void readFile(Path file, TraceFormat format, Map<String, List<TimedSeries>> byFile)
      throws IOException, TraceException {
    String name = String.valueOf(file.getFileName());
    String lower = name.toLowerCase(Locale.ROOT);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      if (lower.endsWith(".tar.gz") || lower.endsWith(".tgz")) {
        readTar(new GZIPInputStream(in, 1 << 16), format, byFile);
      } else if (lower.endsWith(".tar.xz") || lower.endsWith(".txz")) {
        readTar(new XZInputStream(in), format, byFile);
      } else if (lower.endsWith(".tar")) {
        readTar(in, format, byFile);
      } else {
        byFile.put(name, format.parse(name, lines(in)));
      }
    }
  }

  private static void readTar(
      InputStream packed, TraceFormat format, Map<String, List<TimedSeries>> byFile)
      throws IOException, TraceException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(packed)) {
      long bytes = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName();
        if (!entry.isFile() || name.substring(name.lastIndexOf('/') + 1).startsWith(".")) {
          continue;
        }
        bytes += entry.getSize();
        if (bytes > MOST_BYTES) {
          throw new TraceException("the archive unpacks to more than " + MOST_BYTES + " bytes");
        }
        byFile.put(name, format.parse(name, lines(tar)));
      }
    }
  }

  /** The lines of one file; the stream stays open, since it may be an archive's. */
  private static List<String> lines(InputStream in) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    List<String> lines = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
    }
    return lines;
  }
}
