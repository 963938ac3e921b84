package io.drover.hostagent.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drover.hostagent.vm.BootSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The demo's guest, built by {@code scripts/guest-image} and kept by it. */
public record GuestImage(String kernel, String initrd) {

  /** Builds it, or finds it built. */
  public static GuestImage get() throws IOException, InterruptedException {
    Path script = Path.of("../scripts/guest-image").toAbsolutePath().normalize();
    Process process =
        new ProcessBuilder(script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(script + " failed: " + output);
    }
    Map<String, String> lines =
        output
            .lines()
            .map(line -> line.split("=", 2))
            .filter(pair -> pair.length == 2)
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return new GuestImage(lines.getOrDefault("kernel", ""), lines.getOrDefault("initrd", ""));
  }

  /**
   * Boots it under a name of its own.
   *
   * @param more words for the kernel's command line, as {@code scripts/guest/init} explains them
   */
  public BootSource boot(String name, String... more) {
    return new BootSource.Kernel(
        kernel,
        Optional.of(initrd),
        "console=ttyS0 quiet panic=-1 drover.name=" + name + " " + String.join(" ", more));
  }
}
