package io.drover.hostagent.demand;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.vm.VmId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private static final VmId VM = new VmId("vm1");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ProcessIdentity PROCESS = new ProcessIdentity(10, 1000);
  private static final Reading FIRST =
      new Reading(
          PROCESS,
          5_000_000_000L,
          List.of(11L),
          new SchedStat(1_000_000_000, 2_000_000_000),
          new DiskCounters(100, 200, 1, 2),
          new NetCounters(1000, 2000));

  @Test
  void ratesAreDifferencesPerSecond() {
    Reading second =
        new Reading(
            PROCESS,
            7_000_000_000L,
            List.of(11L),
            new SchedStat(1_800_000_000, 3_200_000_000L),
            new DiskCounters(100 + 4096, 200 + 8192, 2, 4),
            new NetCounters(1000 + 20, 2000 + 40));

    assertThat(FIRST.until(second, VM, NOW, 96))
        .contains(new DemandSample(VM, NOW, 0.4, 0.6, 96, 2048, 4096, 10, 20));
  }

  @Test
  void anotherProcessStartsAnew() {
    assertThat(later(new ProcessIdentity(10, 1001), List.of(11L), FIRST.cpu())).isEmpty();
  }

  @Test
  void otherThreadsStartAnew() {
    assertThat(later(PROCESS, List.of(11L, 12L), FIRST.cpu())).isEmpty();
  }

  @Test
  void counterThatFellStartsAnew() {
    assertThat(later(PROCESS, List.of(11L), new SchedStat(999_999_999, 2_000_000_000))).isEmpty();
  }

  @Test
  void noTimeIsNoInterval() {
    assertThat(FIRST.until(FIRST, VM, NOW, 0)).isEmpty();
  }

  private static Optional<DemandSample> later(
      ProcessIdentity process, List<Long> threads, SchedStat cpu) {
    Reading second = new Reading(process, 7_000_000_000L, threads, cpu, FIRST.disk(), FIRST.net());
    return FIRST.until(second, VM, NOW, 0);
  }
}
