package io.drover.scheduler.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigException;
import io.drover.config.ConfigReader;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.scheduler.forecast.LearningSettings;
import io.drover.scheduler.settings.SchedulerSettings;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static SchedulerSettings read(String changes) throws ConfigException {
    return ConfigReader.read(
        ConfigFactory.parseString(changes)
            .withFallback(
                ConfigFactory.parseResources("reference.conf").getConfig("drover.scheduler"))
            .resolve(),
        SchedulerSettings::read);
  }

  @Test
  void theDefaultsAreThoseForProduction() throws ConfigException {
    assertThat(read("").policy()).isEqualTo(Policy.production());
    assertThat(read("").forecast()).isEqualTo(ForecastSettings.production());
    assertThat(read("").learning()).isEqualTo(LearningSettings.production());
  }

  @Test
  void aPackingShareAboveTheTargetIsRefused() {
    assertThatThrownBy(() -> read("demand.pack-share = 0.9"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pack-share")
        .hasMessageContaining("at most target-share");
  }

  @Test
  void wakingBelowTheStandbyShareIsRefused() {
    assertThatThrownBy(() -> read("power.wake-share = 0.6"))
        .hasMessageContaining("wake-share")
        .hasMessageContaining("above standby-share");
  }

  @Test
  void aTrendWindowOfTooFewPlansIsRefused() {
    assertThatThrownBy(() -> read("plan-interval = 2m"))
        .hasMessageContaining("trend-window")
        .hasMessageContaining("at least 6 times plan-interval");
  }

  @Test
  void aLevelLongerThanHalfTheHistoryIsRefused() {
    assertThatThrownBy(() -> read("forecast { history-samples = 20, min-stable-samples = 11 }"))
        .hasMessageContaining("min-stable-samples")
        .hasMessageContaining("at most half of history-samples");
  }

  @Test
  void aSlotOfLessThanASecondOrMoreThanAnHourIsRefused() {
    assertThatThrownBy(() -> read("learning.interval = 100ms"))
        .hasMessageContaining("learning.interval");
    assertThatThrownBy(() -> read("learning.interval = 2h"))
        .hasMessageContaining("learning.interval");
  }

  @Test
  void aKeyThatNobodyKnowsIsRefused() {
    assertThatThrownBy(() -> read("power.standby-windw = 3m"))
        .hasMessageContaining("standby-windw");
  }
}
