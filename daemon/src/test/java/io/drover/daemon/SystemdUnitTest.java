package io.drover.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemdUnitTest {
  private static final Path CONFIG = Path.of("..").toAbsolutePath().normalize().resolve("config");

  private static List<String> unit() throws IOException {
    return Files.readAllLines(CONFIG.resolve("systemd/drover.service")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @Test
  void stoppingTheUnitLeavesVmsAndTheirSocketsAlone() throws IOException {
    assertThat(unit())
        .contains("KillMode=process", "RuntimeDirectoryPreserve=yes", "Restart=always")
        .noneMatch(line -> line.startsWith("Private") || line.startsWith("Protect"))
        .noneMatch(line -> line.startsWith("MemoryMax") || line.startsWith("CPUQuota"));
  }

  @Test
  void theUnitsDirectoriesAreThoseOfTheSettings() throws IOException {
    Config settings =
        ConfigFactory.parseFile(CONFIG.resolve("drover.conf").toFile())
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    assertThat(settings.getString("drover.node.run-dir")).isEqualTo("/run/drover");
    assertThat(settings.getString("drover.node.data-dir")).isEqualTo("/var/lib/drover");
    assertThat(unit()).contains("RuntimeDirectory=drover", "StateDirectory=drover");
  }
}
