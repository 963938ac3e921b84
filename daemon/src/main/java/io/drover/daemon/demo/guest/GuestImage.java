package io.drover.daemon.demo.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The guest's kernel and initramfs, made by {@code scripts/guest-image}.
 *
 * @param kernel readable by QEMU
 * @param initrd made for this very version of the workload
 */
public record GuestImage(Path kernel, Path initrd) {
  private static final String BASE = "console=ttyS0 quiet panic=1 mitigations=off";

  /** Builds what is not in the cache. Takes some seconds the first time, and needs apt then. */
  public static GuestImage build(Path home) throws IOException {
    Path script = home.resolve("scripts/guest-image");
    if (!Files.isExecutable(script)) {
      throw new IOException(script + " is missing: run the demo from a source tree of Drover");
    }
    Process process =
        new ProcessBuilder(script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            "scripts/guest-image failed with " + code + "; what it said is above");
      }
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the guest image was built", interrupted);
    }
    return parse(output);
  }

  /** Reads what the script prints. */
  static GuestImage parse(String output) throws IOException {
    Map<String, String> values = new HashMap<>();
    output
        .lines()
        .forEach(line -> {
          int equals = line.indexOf('=');
          if (equals > 0) {
            values.put(line.substring(0, equals), line.substring(equals + 1));
          }
        });
    String kernel = values.get("kernel");
    String initrd = values.get("initrd");
    if (kernel == null || initrd == null) {
      throw new IOException(
          "scripts/guest-image named no kernel and initrd but printed: " + output);
    }
    return new GuestImage(Path.of(kernel), Path.of(initrd));
  }

  /**
   * The kernel's command line of one guest.
   *
   * @param addressWithBits of the guest, such as {@code 10.77.0.11/24}
   * @param collector host and port as the guest sees them
   */
  public static String commandLine(
      String name, String addressWithBits, String collector, int loadMillicores) {
    return "%s drover.name=%s drover.ip=%s drover.collector=%s drover.load=%d"
        .formatted(BASE, name, addressWithBits, collector, loadMillicores);
  }

  /**
   * The command line of a guest without network, which reports on its console only.
   *
   * @param pauseSeconds between two rounds of its disk workload
   */
  public static String commandLineAlone(String name, int loadMillicores, double pauseSeconds) {
    return "%s drover.name=%s drover.load=%d drover.pause=%s"
        .formatted(BASE, name, loadMillicores, pauseSeconds);
  }
}
