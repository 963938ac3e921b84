package io.drover.hostagent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigException;
import io.drover.config.ConfigReader;
import io.drover.hostagent.hypervisor.MigrationLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentSettingsTest {

  @Test
  void everyDefaultIsAsDocumented() throws ConfigException {
    assertThat(read(""))
        .isEqualTo(
            new AgentSettings(
                Duration.ofSeconds(5),
                new HypervisorSettings(
                    "qemu-system-x86_64",
                    "pc-i440fx-7.2",
                    HypervisorSettings.AcceleratorChoice.AUTO,
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30)),
                new MigrationSettings(
                    new MigrationLimits(128L * 1024 * 1024, Duration.ofMillis(300))),
                new SupervisionSettings(
                    Duration.ofSeconds(1),
                    2048,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(30)),
                new NetworkSettings(NetworkSettings.Mode.AUTO, "drbr0", Optional.empty()),
                new CapacitySettings(0, false, 0, "drover"),
                new PowerSettings(
                    PowerSettings.Driver.NONE,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60),
                    List.of())));
  }

  @Test
  void processHostsAreRead() throws ConfigException {
    AgentSettings settings =
        read(
            """
            drover.agent.power { driver = process, hosts = [
              { host = h1, command = [sleep, "1"], directory = /, pid-file = /run/h1.pid, log-file = /tmp/h1.log } ] }
            """);

    assertThat(settings.power().hosts())
        .containsExactly(
            new PowerSettings.ProcessHost(
                "h1",
                List.of("sleep", "1"),
                Path.of("/"),
                Path.of("/run/h1.pid"),
                Path.of("/tmp/h1.log")));
  }

  @Test
  void whatCouldBreakOutOfAScriptIsRefused() {
    assertThatThrownBy(() -> read("drover.agent.network.bridge = \"br0; reboot\""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("network.bridge");
  }

  @Test
  void enforcingNeedsANumberOfCores() {
    assertThatThrownBy(() -> read("drover.agent.capacity.enforce = on"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("capacity.cpu-cores");
  }

  private static AgentSettings read(String written) throws ConfigException {
    Config defaults = ConfigFactory.parseResourcesAnySyntax("reference.conf");
    Config resolved = ConfigFactory.parseString(written).withFallback(defaults).resolve();
    return ConfigReader.read(
        resolved.withOnlyPath("drover.agent"),
        root -> AgentSettings.read(root.section("drover").section("agent")));
  }
}
