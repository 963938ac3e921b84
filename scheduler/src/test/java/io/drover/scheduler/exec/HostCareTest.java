package io.drover.scheduler.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.host.HostTraits;
import io.drover.hostagent.power.PowerStatus;
import io.drover.scheduler.exec.HostCare.Deed;
import io.drover.scheduler.exec.HostCare.Sight;
import io.drover.scheduler.settings.ExecutionSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of {@link HostCare}. */
class HostCareTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final ExecutionSettings LIMITS =
      new ExecutionSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          Duration.ofSeconds(100),
          Duration.ofSeconds(60));

  private static HostRecord host(HostPower power, boolean thenStandby) {
    HostTraits traits = new HostTraits(4, 1L << 30, "127.0.0.1", "tcg", "pc", "cpu", "");
    return new HostRecord("h1", power, thenStandby, SINCE, Duration.ZERO, traits, 0);
  }

  private static Deed decide(HostRecord host, Sight sight, long seconds) {
    return HostCare.decide(host, sight, LIMITS, SINCE.plusSeconds(seconds));
  }

  private static Sight sight(boolean reachable, boolean lost, boolean empty, PowerStatus power) {
    return new Sight(reachable, lost, empty, Instant.MIN, power, false);
  }

  @ParameterizedTest
  @CsvSource({
    // reachable, lost, empty, power, seconds, deed
    "true,  false, true,  ON,      1,   POWER_OFF",
    "false, true,  true,  UNKNOWN, 1,   POWER_OFF",
    "false, false, true,  OFF,     1,   RECORD_STANDBY",
    "false, false, true,  ON,      1,   NOTHING",
    "false, false, true,  UNKNOWN, 500, NOTHING",
    "true,  false, false, ON,      99,  NOTHING",
    "true,  false, false, ON,      100, STAY_ON",
    "false, true,  false, ON,      99,  NOTHING",
  })
  void hostOnItsWayToStandby(
      boolean reachable, boolean lost, boolean empty, PowerStatus power, long seconds, Deed deed) {
    Sight sight = sight(reachable, lost, empty, power);
    assertThat(decide(host(HostPower.DRAINING, true), sight, seconds)).isEqualTo(deed);
    // One that an operator drains stays on whatever is seen of it.
    assertThat(decide(host(HostPower.DRAINING, false), sight, seconds)).isEqualTo(Deed.NOTHING);
    assertThat(decide(host(HostPower.ON, false), sight, seconds)).isEqualTo(Deed.NOTHING);
  }

  @Test
  void sleepingHostThatReportsIsOnButNotForItsLastReport() {
    HostRecord host = host(HostPower.STANDBY, false);
    Sight last = new Sight(true, false, true, SINCE.plusSeconds(5), PowerStatus.OFF, false);
    assertThat(decide(host, last, 6)).isEqualTo(Deed.NOTHING);
    Sight awake = new Sight(true, false, true, SINCE.plusSeconds(6), PowerStatus.ON, false);
    assertThat(decide(host, awake, 6)).isEqualTo(Deed.RECORD_ON);
    Sight silent = new Sight(false, false, true, SINCE.plusSeconds(6), PowerStatus.ON, false);
    assertThat(decide(host, silent, 60)).isEqualTo(Deed.NOTHING);
  }

  @Test
  void wakingHostIsToldOnceAndAgainWhenItIsLate() {
    HostRecord host = host(HostPower.WAKING, false);
    Sight notAsked = new Sight(false, false, true, SINCE, PowerStatus.OFF, false);
    Sight asked = new Sight(false, false, true, SINCE, PowerStatus.ON, true);
    assertThat(decide(host, notAsked, 0)).isEqualTo(Deed.POWER_ON);
    assertThat(decide(host, asked, 59)).isEqualTo(Deed.NOTHING);
    assertThat(decide(host, asked, 60)).isEqualTo(Deed.POWER_ON);
    Sight reported = new Sight(true, false, true, SINCE.plusSeconds(3), PowerStatus.ON, true);
    assertThat(decide(host, reported, 4)).isEqualTo(Deed.RECORD_ON);
    Sight before = new Sight(true, false, true, SINCE, PowerStatus.ON, true);
    assertThat(decide(host, before, 4)).isEqualTo(Deed.NOTHING);
  }
}
