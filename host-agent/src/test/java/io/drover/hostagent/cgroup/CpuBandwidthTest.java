package io.drover.hostagent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CpuBandwidthTest {

  @Test
  void coresAreQuotaPerPeriod() {
    assertThat(CpuBandwidth.ofCores(0.4)).isEqualTo(new CpuBandwidth(80_000, 200_000));
    assertThat(CpuBandwidth.ofCores(3)).isEqualTo(new CpuBandwidth(600_000, 200_000));
  }

  @Test
  void smallShareGetsALongerPeriodBecauseTheKernelRefusesShortQuotas() {
    assertThat(CpuBandwidth.ofCores(0.004)).isEqualTo(new CpuBandwidth(1_000, 250_000));
    assertThat(CpuBandwidth.ofCores(0.001)).isEqualTo(new CpuBandwidth(1_000, 1_000_000));
  }

  @Test
  void shareThatCannotBeHeldIsRefused() {
    assertThatThrownBy(() -> CpuBandwidth.ofCores(0.0001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.001");
  }
}
