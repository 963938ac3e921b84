package io.drover.scheduler.power;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PowerMemoryTest {
  private static final Instant T0 = Instant.ofEpochSecond(1000);
  private static final Instant T1 = T0.plusSeconds(60);

  @Test
  void aSpellKeepsItsStartWhileItLastsAndBeginsAnewAfterABreak() {
    PowerMemory low = PowerMemory.fresh().withLow(true, T0).withLow(true, T1);
    assertThat(low.lowSince()).contains(T0);
    assertThat(low.withLow(false, T1).lowSince()).isEmpty();
    assertThat(low.withLow(false, T1).withLow(true, T1.plusSeconds(1)).lowSince())
        .contains(T1.plusSeconds(1));
  }

  @Test
  void everyChangeOfPowerEndsBothSpells() {
    PowerMemory both = PowerMemory.fresh().withLow(true, T0).withHigh(true, T0);
    assertThat(both.withStandby(T1).lowSince()).isEmpty();
    assertThat(both.withStandby(T1).highSince()).isEmpty();
    assertThat(both.withStandby(T1).lastStandby()).contains(T1);
    assertThat(both.withWake(T1).lowSince()).isEmpty();
    assertThat(both.withWake(T1).lastWake()).contains(T1);
  }

  @Test
  void totalsOlderThanTheWindowAreForgotten() {
    PowerMemory memory = PowerMemory.fresh();
    for (int i = 0; i < 10; i++) {
      memory = memory.withTotal(T0.plusSeconds(10L * i), i, Duration.ofSeconds(30));
    }
    assertThat(memory.totals())
        .extracting(PowerMemory.Total::cores)
        .containsExactly(6.0, 7.0, 8.0, 9.0);
  }

  @Test
  void aSecondPlanAtTheSameInstantReplacesTheTotal() {
    PowerMemory memory =
        PowerMemory.fresh()
            .withTotal(T0, 1, Duration.ofMinutes(1))
            .withTotal(T0, 2, Duration.ofMinutes(1));
    assertThat(memory.totals()).containsExactly(new PowerMemory.Total(T0, 2));
  }
}
