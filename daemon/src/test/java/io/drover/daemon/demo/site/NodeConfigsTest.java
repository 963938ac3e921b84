package io.drover.daemon.demo.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.daemon.demo.DemoCommand;
import io.drover.daemon.demo.load.FleetShape;
import io.drover.daemon.node.DroverSettings;
import io.drover.daemon.node.Role;
import io.drover.hostagent.vm.Accelerator;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigsTest {
  private static final FleetShape FLEET =
      new FleetShape(List.of("host1", "host2", "host3", "host4"), 400, 0.9, Duration.ofSeconds(2));

  private static NodeConfigs configs(GuestNetwork network, boolean enforced) throws Exception {
    try (InputStream shared =
        Objects.requireNonNull(DemoCommand.class.getResourceAsStream("demo.conf"))) {
      return new NodeConfigs(
          new RunFolder(Path.of("/tmp/drover-abc234")),
          new Ports(7_640),
          FLEET,
          network,
          enforced,
          Accelerator.TCG,
          List.of("/opt/jdk/bin/java", "-Dwith=\"quotes\"", "io.drover.daemon.Main"),
          new String(shared.readAllBytes(), UTF_8));
    }
  }

  private static DroverSettings load(NodeConfigs configs, String host, Path folder)
      throws Exception {
    return DroverSettings.load(
        Files.writeString(folder.resolve(host + ".conf"), configs.text(host)));
  }

  @Test
  void everyHostsSettingsAreAccepted(@TempDir Path folder) throws Exception {
    for (boolean root : List.of(true, false)) {
      NodeConfigs configs =
          configs(
              root ? new GuestNetwork.Bridged("drover-abc234") : new GuestNetwork.UserMode(), root);
      for (String host : FLEET.hosts()) {
        DroverSettings settings = load(configs, host, folder);
        assertThat(settings.node().id()).isEqualTo(host);
        assertThat(settings.coordination().peers()).hasSize(3);
        assertThat(settings.api().port()).isEqualTo(7_640);
      }
    }
  }

  @Test
  void onlyTheLastHostMaySleepAndItKeepsNothing(@TempDir Path folder) throws Exception {
    NodeConfigs configs = configs(new GuestNetwork.UserMode(), false);
    assertThat(load(configs, "host4", folder).node().roles()).containsExactly(Role.AGENT);
    assertThat(load(configs, "host1", folder).node().roles())
        .containsExactlyInAnyOrder(Role.values());
    assertThat(configs.api("host4")).isEqualTo("http://127.0.0.4:7640");
    assertThat(configs.command("host4"))
        .endsWith("--config", "/tmp/drover-abc234/host4/drover.conf");
  }
}
