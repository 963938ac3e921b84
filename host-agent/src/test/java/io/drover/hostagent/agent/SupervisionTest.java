package io.drover.hostagent.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.testing.Await;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines are looked after without any actor system. */
class SupervisionTest {
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir private Path folder;
  private final FakeHost host = new FakeHost();

  @Test
  void copyThatBelongsElsewhereIsEnded() throws Exception {
    FakeVm vm = host.running("vm1", 3);
    AgentCore core = host.core(folder, "");
    try (Supervision supervision = Supervision.start(FakeHost.NAME, core, OFTEN)) {
      assertThat(supervision).isNotNull();
      Await.until("the adoption", () -> core.vms().contains(new VmId("vm1")));

      host.place("vm1", Optional.of("h2"), 4, DesiredState.RUNNING);

      Await.until("the end of the copy", () -> vm.told.contains("kill"));
      Await.until("nothing left of it", () -> core.vms().isEmpty() && host.attached.isEmpty());
    }
  }

  @Test
  void adoptionThatFailsIsTriedAgain() throws Exception {
    host.running("vm1", 3);
    AtomicBoolean failed = new AtomicBoolean();
    host.beforeAdopt =
        () -> {
          if (failed.compareAndSet(false, true)) {
            throw new IllegalStateException("not yet");
          }
        };
    AgentCore core = host.core(folder, "");
    try (Supervision supervision = Supervision.start(FakeHost.NAME, core, OFTEN)) {
      assertThat(supervision).isNotNull();
      Await.until("the adoption", () -> core.vms().contains(new VmId("vm1")));
      assertThat(failed).isTrue();
    }
  }

  @Test
  void checkThatWaitsHoldsUpNoOtherMachine() throws Exception {
    host.running("vm1", 3);
    FakeVm other = host.running("vm2", 1);
    AgentCore core = host.core(folder, "");
    core.adopt();
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    host.beforeFind =
        vm -> {
          if (vm.equals("vm1")) {
            stuck.countDown();
            awaitUninterrupted(free);
          }
        };
    try (Supervision supervision = Supervision.start(FakeHost.NAME, core, OFTEN)) {
      assertThat(supervision).isNotNull();
      stuck.await();

      host.place("vm2", Optional.of("h2"), 2, DesiredState.RUNNING);

      Await.until("the end of the other's copy", () -> other.told.contains("kill"));
    } finally {
      free.countDown();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
