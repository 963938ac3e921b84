package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.network.HostNetwork;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.vm.VmId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuVmTest {
  private static final VmId VM = new VmId("vm");

  @TempDir private Path folder;

  @Test
  void machineWhoseMonitorDoesNotAnswerIsInNoStateThatADecisionCouldRestOn() throws Exception {
    Process process = new ProcessBuilder("sleep", "1000").start();
    ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
    HostNetwork network =
        HostNetwork.open(
            TestHost.settings("drover.agent.network.mode = none").network(), "h1", folder);
    QemuVm vm =
        new QemuVm(
            new ProcessRecord(
                VM.value(),
                VM.uuid().toString(),
                1,
                identity.pid(),
                identity.startTicks(),
                ProcessIdentity.bootId(),
                "",
                false),
            VmFiles.of(folder.resolve("data"), folder.resolve("run"), VM),
            Duration.ofMillis(50),
            network);
    try {
      vm.connect();
      assertThat(vm.state()).isEqualTo(VmRunState.UNKNOWN);
      process.destroyForcibly().waitFor();
      assertThat(vm.state()).isEqualTo(VmRunState.EXITED);
    } finally {
      process.destroyForcibly();
      vm.letGo();
    }
  }
}
