package io.drover.hostagent.qemu;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigReader;
import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.testing.Await;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmRequirements;
import io.drover.hostagent.vm.VmSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A host in a folder, with a driver that can be "restarted"; ends all its machines when closed. */
final class TestHost {
  private final String name;
  private final Path folder;
  private final AgentSettings settings;
  private QemuDriver driver;

  /**
   * A host under TCG.
   *
   * @param written settings in place of the defaults
   */
  TestHost(String name, Path root, String written) throws Exception {
    this.name = name;
    this.folder = root.resolve(name);
    settings = settings("drover.agent.hypervisor.accelerator = tcg\n" + written);
    driver = open();
  }

  static AgentSettings settings(String written) throws Exception {
    Config defaults = ConfigFactory.parseResourcesAnySyntax("reference.conf");
    Config resolved = ConfigFactory.parseString(written).withFallback(defaults).resolve();
    return ConfigReader.read(
        resolved.withOnlyPath("drover.agent"),
        root -> AgentSettings.read(root.section("drover").section("agent")));
  }

  private QemuDriver open() throws IOException {
    return QemuDriver.open(name, settings, folder.resolve("data"), folder.resolve("run"));
  }

  QemuDriver driver() {
    return driver;
  }

  /** The old driver lets go of its machines as a daemon that ends does. */
  QemuDriver restart() throws IOException {
    driver.close();
    driver = open();
    return driver;
  }

  VmFiles files(VmId vm) {
    return VmFiles.of(
        folder.resolve("data").toAbsolutePath(), folder.resolve("run").toAbsolutePath(), vm);
  }

  /** A machine for this host. */
  VmLaunch launch(VmId id, BootSource boot, long epoch, DiskAttachment... disks) {
    VmSpec spec =
        new VmSpec(
            id,
            "test-" + id,
            1,
            96,
            boot,
            Stream.of(disks).map(DiskAttachment::disk).toList(),
            VmSpec.macFor(id),
            driver.platform(),
            VmMode.AUTOMATIC,
            VmRequirements.NONE);
    return VmLaunch.of(spec, epoch, List.of(disks));
  }

  static String console(RunningVm vm) throws IOException {
    return Files.exists(vm.consoleLog()) ? Files.readString(vm.consoleLog()) : "";
  }

  /** Waits until the machine has written a text to its console so many times. */
  static void awaitConsole(RunningVm vm, String text, int times) throws Exception {
    Await.until(
        times + " times '" + text + "' on the console",
        () -> console(vm).split(text, -1).length > times,
        () -> {
          try {
            return console(vm);
          } catch (IOException e) {
            return e.toString();
          }
        });
  }

  /** Ends everything it started. */
  void close() throws Exception {
    Path vms = folder.resolve("data/vms");
    if (Files.isDirectory(vms)) {
      try (Stream<Path> each = Files.list(vms)) {
        for (Path vm : each.toList()) {
          VmId id = new VmId(String.valueOf(vm.getFileName()));
          OrphanProcess.kill(files(id), id);
        }
      }
    }
    driver.close();
  }
}
