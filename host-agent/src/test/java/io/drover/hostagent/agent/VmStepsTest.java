package io.drover.hostagent.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts and stops when the record of the machine says something else, or nothing. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class VmStepsTest {
  private static final VmId VM = new VmId("vm1");

  @TempDir private Path folder;
  private final FakeHost host = new FakeHost();
  private AgentCore core;

  @BeforeEach
  void open() throws Exception {
    core = host.core(folder, "drover.agent.supervision.shutdown-timeout = 1h");
  }

  private StepReply run(String name, AgentStep step) {
    return core.run(FakeHost.order(name), VM, step);
  }

  @Test
  void stopThatComesLateDoesNotEndAMachineThatIsToRun() {
    FakeVm vm = host.running("vm1", 3);
    core.adopt();
    assertThat(run("1", new AgentStep.StopVm(true))).isInstanceOf(StepReply.Failed.class);
    assertThat(vm.told).isEmpty();

    host.place("vm1", Optional.of(FakeHost.NAME), 3, DesiredState.STOPPED);
    assertThat(run("2", new AgentStep.StopVm(true))).isInstanceOf(StepReply.Done.class);
    assertThat(vm.told).containsExactly("kill");
  }

  @Test
  void forceCutsShortTheWaitForAGuestThatDoesNotListen() throws Exception {
    FakeVm vm = host.running("vm1", 3);
    CountDownLatch asked = new CountDownLatch(1);
    vm.onPowerDown = asked::countDown;
    core.adopt();
    host.place("vm1", Optional.of(FakeHost.NAME), 3, DesiredState.STOPPED);
    CompletableFuture<StepReply> graceful = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> graceful.complete(run("1", new AgentStep.StopVm(false))));
    asked.await();
    assertThat(graceful).isNotDone();

    core.breakOff(FakeHost.order("2"), VM, new AgentStep.StopVm(true));
    assertThat(graceful.get()).isInstanceOf(StepReply.Done.class);
    assertThat(vm.told).containsExactly("power-down", "kill");
  }

  @Test
  void startWhosePlacementCannotBeReadAgainKeepsNoDisk() {
    host.place("vm1", Optional.of(FakeHost.NAME), 3, DesiredState.RUNNING);
    core.adopt();
    AtomicInteger looks = new AtomicInteger();
    host.beforeFind =
        vm -> {
          if (looks.incrementAndGet() == 2) {
            throw new VmCatalogException.Unavailable("out", new IllegalStateException("out"));
          }
        };
    assertThat(run("1", new AgentStep.StartVm(3))).isInstanceOf(StepReply.Failed.class);
    assertThat(host.attached).isEmpty();
    assertThat(host.processes).isEmpty();

    assertThat(run("2", new AgentStep.StartVm(3))).isInstanceOf(StepReply.Done.class);
    assertThat(host.processes).hasSize(1);
  }
}
