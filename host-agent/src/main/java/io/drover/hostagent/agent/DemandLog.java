package io.drover.hostagent.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Recent demand of the machines that are, or were lately, on this host, so that a new scheduler
 * need not begin with nothing.
 *
 * <p>A file per machine, a line per sample; what cannot be read or written is reported and left
 * out, because demand can be measured again. Bounded in samples per machine and in machines: the
 * one that was heard of least lately is forgotten for a new one. Safe for use by many threads.
 */
final class DemandLog {
  private static final int MAX_VMS = 512;
  private static final String SUFFIX = ".samples";

  /** A message of so many samples stays far below the 256 KiB that one may have. */
  private static final int PORTION = 256;

  private final String node;
  private final Path folder;
  private final int samplesPerVm;
  private final int maxVms;

  /** In the order in which they were heard of, last comes last. */
  private final LinkedHashMap<VmId, History> byVm = new LinkedHashMap<>();

  private static final class History {
    final TreeMap<Instant, Sample> samples = new TreeMap<>();
    int linesInFile;
  }

  DemandLog(String node, Path folder, int samplesPerVm) {
    this(node, folder, samplesPerVm, MAX_VMS);
  }

  DemandLog(String node, Path folder, int samplesPerVm, int maxVms) {
    this.node = node;
    this.folder = folder;
    this.samplesPerVm = samplesPerVm;
    this.maxVms = maxVms;
    load();
  }

  synchronized void add(VmId vm, Sample sample) {
    History history = heardOf(vm);
    insert(history, sample);
    append(vm, history, sample);
  }

  synchronized void merge(VmHistory other) {
    VmId vm = new VmId(other.vm());
    History history = heardOf(vm);
    other.samples().forEach(sample -> insert(history, sample));
    rewrite(vm, history);
  }

  synchronized List<VmHistory> all() {
    List<VmHistory> portions = new ArrayList<>();
    byVm.keySet().stream().sorted().forEach(vm -> portions.addAll(of(vm)));
    return portions;
  }

  synchronized List<VmHistory> of(VmId vm) {
    List<VmHistory> portions = new ArrayList<>();
    History history = byVm.get(vm);
    if (history != null) {
      List<Sample> samples = List.copyOf(history.samples.values());
      for (int from = 0; from < samples.size(); from += PORTION) {
        int to = Math.min(samples.size(), from + PORTION);
        portions.add(new VmHistory(node, vm.value(), samples.subList(from, to)));
      }
    }
    return portions;
  }

  private History heardOf(VmId vm) {
    History known = byVm.remove(vm);
    History history = known == null ? new History() : known;
    byVm.put(vm, history);
    while (byVm.size() > maxVms) {
      forget(byVm.firstEntry().getKey());
    }
    return history;
  }

  private void forget(VmId vm) {
    byVm.remove(vm);
    try {
      Files.deleteIfExists(file(vm));
    } catch (IOException e) {
      AgentLog.trouble(node, vm, "its demand of long ago cannot be removed", e);
    }
  }

  private void insert(History history, Sample sample) {
    history.samples.put(sample.at(), sample);
    while (history.samples.size() > samplesPerVm) {
      history.samples.pollFirstEntry();
    }
  }

  private void append(VmId vm, History history, Sample sample) {
    if (history.linesInFile >= 2 * samplesPerVm) {
      rewrite(vm, history);
      return;
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(
          file(vm), line(sample), US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      history.linesInFile++;
    } catch (IOException e) {
      AgentLog.trouble(node, vm, "its demand is not kept over a restart", e);
    }
  }

  private void rewrite(VmId vm, History history) {
    try {
      Files.createDirectories(folder);
      Path fresh = folder.resolve(vm.value() + ".new");
      Files.writeString(
          fresh,
          history.samples.values().stream().map(DemandLog::line).collect(Collectors.joining()),
          US_ASCII);
      Files.move(fresh, file(vm), StandardCopyOption.REPLACE_EXISTING);
      history.linesInFile = history.samples.size();
    } catch (IOException e) {
      AgentLog.trouble(node, vm, "its demand is not kept over a restart", e);
    }
  }

  private void load() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .sorted(Comparator.comparing(DemandLog::writtenAt).thenComparing(Path::getFileName))
          .forEach(this::load);
    } catch (IOException e) {
      AgentLog.nodeTrouble(node, "recent demand in " + folder + " cannot be read", e);
    }
  }

  private void load(Path file) {
    String name = file.getFileName().toString();
    try {
      VmId vm = new VmId(name.substring(0, name.length() - SUFFIX.length()));
      History history = heardOf(vm);
      for (String line : Files.readAllLines(file, US_ASCII)) {
        history.linesInFile++;
        parse(line).ifPresent(sample -> insert(history, sample));
      }
    } catch (IOException | IllegalArgumentException e) {
      AgentLog.nodeTrouble(node, "recent demand in " + file + " cannot be read", e);
    }
  }

  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException unknown) {
      return FileTime.fromMillis(0);
    }
  }

  private static String line(Sample s) {
    return "%d %s %s %d %s %s %s %s\n"
        .formatted(
            s.at().toEpochMilli(),
            s.cpuUsedCores(),
            s.cpuWaitedCores(),
            s.memoryBytes(),
            s.diskReadBytesPerSecond(),
            s.diskWriteBytesPerSecond(),
            s.netReceiveBytesPerSecond(),
            s.netTransmitBytesPerSecond());
  }

  /** Empty for a line that a crash cut short. */
  private static Optional<Sample> parse(String line) {
    String[] f = line.split(" ", -1);
    if (f.length != 8) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Sample(
              Instant.ofEpochMilli(Long.parseLong(f[0])),
              Double.parseDouble(f[1]),
              Double.parseDouble(f[2]),
              Long.parseLong(f[3]),
              Double.parseDouble(f[4]),
              Double.parseDouble(f[5]),
              Double.parseDouble(f[6]),
              Double.parseDouble(f[7])));
    } catch (NumberFormatException cut) {
      return Optional.empty();
    }
  }

  private Path file(VmId vm) {
    return folder.resolve(vm.value() + SUFFIX);
  }
}
