package io.drover.hostagent.demand;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchedStatTest {

  @Test
  void runTimeAndWaitTimeAreTheFirstTwoNumbers() {
    assertThat(SchedStat.parse("1176121969 1673030956 283\n"))
        .contains(new SchedStat(1_176_121_969, 1_673_030_956));
  }

  @Test
  void anythingElseIsNoReading() {
    assertThat(SchedStat.parse("")).isEmpty();
    assertThat(SchedStat.parse("17")).isEmpty();
    assertThat(SchedStat.parse("many things here")).isEmpty();
  }

  @Test
  void threadThatIsGoneIsNoReading() {
    assertThat(SchedStat.read(ProcessHandle.current().pid(), 4_190_000)).isEmpty();
  }
}
