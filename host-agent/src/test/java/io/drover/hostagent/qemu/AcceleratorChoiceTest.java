package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.settings.HypervisorSettings;
import io.drover.hostagent.vm.Accelerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trial with programs in place of QEMU. */
class AcceleratorChoiceTest {
  @TempDir private Path folder;
  private Path kernel;

  @BeforeEach
  void makeKernel() throws IOException {
    kernel = Files.writeString(folder.resolve("vmlinuz"), "a kernel");
  }

  @Test
  void kernelThatMissesOnlyItsRootFileSystemHasBooted() throws Exception {
    assertThat(tried("echo '[ 1.0] " + AcceleratorChoice.BOOTED + ": x' > $console")).isTrue();
    assertThat(leftovers()).isZero();
  }

  @Test
  void programThatEndsWithoutAWordHasNot() throws Exception {
    assertThat(tried("exit 1")).isFalse();
  }

  @Test
  void programThatHangsHasNotAndIsEnded() throws Exception {
    assertThat(tried("echo $$ > " + folder + "/pid; exec sleep 1000")).isFalse();
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    assertThat(ProcessIdentity.of(pid)).isEmpty();
    assertThat(leftovers()).isZero();
  }

  @Test
  void choiceThatIsSetNeedsNoTrial() throws Exception {
    assertThat(AcceleratorChoice.make(settings("false", "kvm"), folder)).isEqualTo(Accelerator.KVM);
    assertThat(AcceleratorChoice.make(settings("false", "tcg"), folder)).isEqualTo(Accelerator.TCG);
  }

  private boolean tried(String script) throws Exception {
    Path program = folder.resolve("qemu");
    Files.writeString(program, "#!/bin/sh\nfor word; do console=${word#file:}; done\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return AcceleratorChoice.tryBoot(settings(program.toString(), "auto"), kernel, folder);
  }

  private static HypervisorSettings settings(String binary, String accelerator) throws Exception {
    return TestHost.settings(
            "drover.agent.hypervisor { trial-timeout = 1s, binary = \""
                + binary
                + "\", accelerator = "
                + accelerator
                + " }")
        .hypervisor();
  }

  private long leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).count();
    }
  }
}
