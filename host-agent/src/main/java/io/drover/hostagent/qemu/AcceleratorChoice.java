package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.hostagent.process.DetachedProcess;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.settings.HypervisorSettings;
import io.drover.hostagent.vm.Accelerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out by a trial boot whether KVM works here.
 *
 * <p>That {@code /dev/kvm} can be opened proves little: nested, it may be there and yet hang at the
 * first instruction. The trial boots a kernel without a root file system; one that comes so far as
 * to miss it, works. The result is kept with everything it depends on.
 */
public final class AcceleratorChoice {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the kernel says when all it lacks is a root file system. */
  static final String BOOTED = "Kernel panic - not syncing: VFS";

  /** Under KVM the first words come within milliseconds; one that is silent so long hangs. */
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private AcceleratorChoice() {}

  /**
   * A trial's result.
   *
   * @param circumstances a new trial is made when they differ
   */
  record Kept(String circumstances, Accelerator accelerator) {}

  /**
   * Does what the settings say, which may be to find out.
   *
   * @param dataDir where the result of a trial is kept
   */
  public static Accelerator make(HypervisorSettings settings, Path dataDir) throws IOException {
    return switch (settings.accelerator()) {
      case KVM -> Accelerator.KVM;
      case TCG -> Accelerator.TCG;
      case AUTO -> findOut(settings, dataDir);
    };
  }

  private static Accelerator findOut(HypervisorSettings settings, Path dataDir) throws IOException {
    if (!Files.isReadable(Path.of("/dev/kvm")) || !Files.isWritable(Path.of("/dev/kvm"))) {
      return told(Accelerator.TCG, "/dev/kvm cannot be opened");
    }
    Optional<Path> kernel = settings.trialKernel().or(AcceleratorChoice::newestKernel);
    if (kernel.isEmpty() || !Files.isReadable(kernel.get())) {
      return told(
          Accelerator.TCG, "there is no kernel to try KVM with, see hypervisor.trial-kernel");
    }
    Path file = dataDir.resolve("accelerator.json");
    String circumstances = circumstances(settings, kernel.get());
    Optional<Kept> kept = read(file);
    if (kept.isPresent() && kept.get().circumstances().equals(circumstances)) {
      return told(kept.get().accelerator(), "found out earlier, see " + file);
    }
    boolean boots = tryBoot(settings, kernel.get(), dataDir);
    Accelerator found = boots ? Accelerator.KVM : Accelerator.TCG;
    Files.write(file, JSON.writeValueAsBytes(new Kept(circumstances, found)));
    return told(found, boots ? "KVM booted " + kernel.get() : "KVM did not boot " + kernel.get());
  }

  private static Accelerator told(Accelerator accelerator, String why) {
    LOG.atInfo().addKeyValue("accelerator", accelerator).log(why);
    return accelerator;
  }

  private static Optional<Path> newestKernel() {
    try (Stream<Path> files = Files.list(Path.of("/boot"))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("vmlinuz-"))
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
    } catch (IOException noBoot) {
      LOG.atDebug().log("/boot cannot be listed: {}", noBoot.toString());
      return Optional.empty();
    }
  }

  private static String circumstances(HypervisorSettings settings, Path kernel) throws IOException {
    return String.join(
        " ",
        settings.binary(),
        settings.machineType(),
        kernel.toString(),
        Files.getLastModifiedTime(kernel).toString(),
        ProcessIdentity.bootId());
  }

  private static Optional<Kept> read(Path file) {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), Kept.class));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException damaged) {
      LOG.atWarn().log("{} is ignored: {}", file, damaged.toString());
      return Optional.empty();
    }
  }

  /** Whether the kernel comes up under KVM. */
  static boolean tryBoot(HypervisorSettings settings, Path kernel, Path dataDir)
      throws IOException {
    Files.createDirectories(dataDir);
    Path folder = Files.createTempDirectory(dataDir, "kvm-trial");
    Path console = folder.resolve("console.log");
    try {
      ProcessIdentity qemu =
          DetachedProcess.start(
              trialCommand(settings, kernel, console), folder, Map.of(), folder.resolve("log"));
      boolean ended = awaitEnd(qemu, console, settings.trialTimeout());
      qemu.kill();
      qemu.awaitExit(settings.commandTimeout());
      return ended && Files.exists(console) && Files.readString(console).contains(BOOTED);
    } finally {
      try (Stream<Path> left = Files.list(folder)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  /** With panic=-1 and -no-reboot QEMU ends by itself as soon as the kernel has come so far. */
  private static boolean awaitEnd(ProcessIdentity qemu, Path console, Duration limit)
      throws IOException {
    Duration first = limit.compareTo(SILENCE) < 0 ? limit : SILENCE;
    if (qemu.awaitExit(first)) {
      return true;
    }
    boolean silent = !Files.exists(console) || Files.size(console) == 0;
    return !silent && qemu.awaitExit(limit.minus(first));
  }

  private static List<String> trialCommand(HypervisorSettings settings, Path kernel, Path console) {
    return List.of(
        settings.binary(),
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-machine",
        settings.machineType(),
        "-accel",
        "kvm",
        "-cpu",
        settings.cpuModel().orElse("host"),
        "-m",
        "128",
        "-no-reboot",
        "-kernel",
        kernel.toString(),
        "-append",
        "console=ttyS0 earlyprintk=serial panic=-1",
        "-serial",
        "file:" + console);
  }
}
