package io.drover.daemon.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigException;
import io.drover.config.ConfigReader;
import io.drover.daemon.demo.guest.GuestImage;
import io.drover.daemon.demo.load.FleetShape;
import io.drover.daemon.demo.load.LoadScript;
import io.drover.daemon.demo.screen.Screen;
import io.drover.daemon.demo.site.GuestNetwork;
import io.drover.daemon.demo.site.Launcher;
import io.drover.daemon.demo.site.NodeConfigs;
import io.drover.daemon.demo.site.Ports;
import io.drover.daemon.demo.site.RunFolder;
import io.drover.hostagent.qemu.AcceleratorChoice;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.settings.HypervisorSettings;
import io.drover.hostagent.vm.Accelerator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Everything that has to be known before a run can start. */
record Preparation(RunFolder folder, LoadScript script, GuestImage image, NodeConfigs configs) {
  private static final int HOST_MILLICORES = 400;
  private static final double TARGET_SHARE = 0.9;
  private static final Duration SAMPLES = Duration.ofSeconds(2);
  private static final List<String> HOSTS = List.of("host1", "host2", "host3", "host4");

  /** Installs missing Debian packages, or says which to install. */
  static void installPackages() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(home().resolve("scripts/install-packages").toString(), "demo")
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("the demo needs the packages named above");
    }
  }

  static Preparation of(RunFolder folder, long seed, Screen screen)
      throws IOException, InterruptedException {
    FleetShape fleet = new FleetShape(HOSTS, HOST_MILLICORES, TARGET_SHARE, SAMPLES);
    LoadScript script = new LoadScript(seed, fleet);
    GuestImage image = GuestImage.build(home());
    boolean root = isRoot();
    if (!root) {
      screen.say(
          "Not root: the guests use QEMU's own network stack, so their connections break at a move and downtimes look longer;");
      screen.say(
          "and no control group holds a host to its share of the CPU, so an overload shows in numbers but hurts nobody.");
    }
    boolean enforced = root && hasCpuController();
    if (root && !enforced) {
      screen.say(
          "No cgroup controller for CPU is mounted: hosts are not held to their share of the CPU.");
    }
    GuestNetwork network =
        root ? new GuestNetwork.Bridged(folder.name()) : new GuestNetwork.UserMode();
    Ports ports = Ports.free(List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"));
    NodeConfigs configs =
        new NodeConfigs(
            folder,
            ports,
            fleet,
            network,
            enforced,
            accelerator(image),
            Launcher.drover(),
            resource("demo.conf"));
    return new Preparation(folder, script, image, configs);
  }

  /**
   * A trial of KVM that hangs takes its whole time, so it is made here once, and remembered until
   * the machine starts anew.
   */
  private static Accelerator accelerator(GuestImage image) throws IOException {
    Config settings =
        ConfigFactory.parseMap(
                Map.of(
                    "drover.agent.hypervisor.trial-kernel",
                    image.kernel().toString(),
                    "drover.agent.hypervisor.trial-timeout",
                    "10s"))
            .withFallback(ConfigFactory.defaultReferenceUnresolved())
            .resolve();
    try {
      HypervisorSettings hypervisor =
          ConfigReader.read(settings.getConfig("drover.agent"), AgentSettings::read).hypervisor();
      return AcceleratorChoice.make(
          hypervisor, Files.createDirectories(image.initrd().resolveSibling("accelerator")));
    } catch (ConfigException refused) {
      throw new IllegalStateException("the defaults are refused", refused);
    }
  }

  FleetShape fleet() {
    return configs.fleet();
  }

  /** Nodes to ask; the one that may sleep is not among them. */
  List<String> apis() {
    return fleet().hosts().stream()
        .filter(host -> !host.equals(configs.sleeper()))
        .map(configs::api)
        .toList();
  }

  /** The source tree. */
  static Path home() {
    return Path.of(System.getProperty("drover.home", ".")).toAbsolutePath();
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static boolean hasCpuController() throws IOException {
    Path unified = Path.of("/sys/fs/cgroup/cgroup.controllers");
    return Files.isWritable(Path.of("/sys/fs/cgroup/cpu/tasks"))
        || (Files.isReadable(unified)
            && List.of(Files.readString(unified).strip().split(" ", -1)).contains("cpu"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Preparation.class.getResourceAsStream(name), "resource " + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
