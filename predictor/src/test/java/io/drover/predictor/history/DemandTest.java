package io.drover.predictor.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DemandTest {
  @Test
  void demandIsWhatWasUsedPlusWhatWasWaitedFor() {
    assertThat(Demand.cpuCores(0.3, 0.15, 1)).isCloseTo(0.45, within(1e-12));
    assertThat(Demand.cpuCores(0.3, 0, 1)).isCloseTo(0.3, within(1e-12));
  }

  @Test
  void demandNeverExceedsTheVirtualCpus() {
    assertThat(Demand.cpuCores(0.4, 0.9, 1)).isEqualTo(1);
    assertThat(Demand.cpuCores(1.5, 0.9, 2)).isEqualTo(2);
  }

  @Test
  void readingsThatMakeNoSenseCountAsNothing() {
    assertThat(Demand.cpuCores(Double.NaN, 0.2, 1)).isEqualTo(0.2);
    assertThat(Demand.cpuCores(-1, Double.POSITIVE_INFINITY, 1)).isZero();
  }
}
