package io.drover.scheduler.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MigrationModelTest {
  private static final long GIB = 1L << 30;
  private static final double LINK = 128 << 20;

  private static MigrationModel taught(MigrationModel model, double duration, double downtime) {
    MigrationEstimate bare = model.bare(GIB, 0, LINK);
    return model.learn(
        new MigrationOutcome(
            bare, times(bare.duration(), duration), times(bare.downtime(), downtime)));
  }

  private static Duration times(Duration base, double factor) {
    return Duration.ofNanos((long) (base.toNanos() * factor));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  @Test
  void anIdleMachineTakesOneCopyOfItsMemory() {
    MigrationEstimate estimate = MigrationModel.fresh().predict(GIB, 0, LINK);
    assertThat(seconds(estimate.duration())).isCloseTo(2 + 8, within(0.01));
    assertThat(estimate.transferredBytes()).isEqualTo(GIB);
    assertThat(estimate.downtime()).isEqualTo(Duration.ofMillis(100));
    assertThat(estimate.converges()).isTrue();
  }

  @Test
  void aBusyMachineTakesLongerAndSendsMore() {
    MigrationEstimate idle = MigrationModel.fresh().predict(GIB, 0, LINK);
    MigrationEstimate busy = MigrationModel.fresh().predict(GIB, LINK / 2, LINK);
    assertThat(seconds(busy.duration())).isCloseTo(2 + 16, within(0.5));
    assertThat(busy.transferredBytes()).isGreaterThan(idle.transferredBytes() * 3 / 2);
    assertThat(busy.downtime()).isGreaterThan(idle.downtime());
  }

  @Test
  void aMachineThatDirtiesFasterThanTheLinkDoesNotConverge() {
    assertThat(MigrationModel.fresh().predict(GIB, LINK, LINK).converges()).isFalse();
    assertThat(MigrationModel.fresh().predict(GIB, 0.8 * LINK, LINK).converges()).isTrue();
  }

  @Test
  void whatMigrationsReallyTookCorrectsThePrediction() {
    MigrationModel model = MigrationModel.fresh();
    for (int i = 0; i < 8; i++) {
      model = taught(model, 2, 5);
    }
    MigrationEstimate bare = model.bare(GIB, 0, LINK);
    MigrationEstimate learned = model.predict(GIB, 0, LINK);
    assertThat(learned.duration()).isCloseTo(times(bare.duration(), 2), Duration.ofMillis(10));
    assertThat(learned.downtime()).isCloseTo(times(bare.downtime(), 5), Duration.ofMillis(10));
  }

  @Test
  void oneOddMigrationDoesNotMatter() {
    MigrationModel model = MigrationModel.fresh();
    for (int i = 0; i < 6; i++) {
      model = taught(model, 1.1, 1.1);
    }
    assertThat(taught(model, 15, 15).predict(GIB, 0, LINK).duration())
        .isCloseTo(model.predict(GIB, 0, LINK).duration(), Duration.ofMillis(100));
  }

  @Test
  void theFirstMigrationIsBelievedOnlyInPart() {
    MigrationModel model = taught(MigrationModel.fresh(), 4, 4);
    assertThat(model.predict(GIB, 0, LINK).duration())
        .isCloseTo(times(model.bare(GIB, 0, LINK).duration(), 2), Duration.ofMillis(10));
  }

  @Test
  void anOutcomeWithoutDurationTeachesNothing() {
    MigrationModel fresh = MigrationModel.fresh();
    assertThat(taught(fresh, 0, 0)).isEqualTo(fresh);
  }

  @Test
  void predictionsAreFiniteAndPositiveWhateverWasTaught() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      MigrationModel model = MigrationModel.fresh();
      for (int i = 0; i < random.nextInt(60); i++) {
        model = taught(model, Math.exp(8 * random.nextGaussian()), random.nextDouble() * 100);
      }
      double[] odd = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e12, 5e6};
      MigrationEstimate estimate =
          model.predict(random.nextLong(1L << 42), odd[random.nextInt(6)], odd[random.nextInt(6)]);
      assertThat(estimate.duration()).as("seed %d", seed).isPositive();
      assertThat(estimate.downtime()).as("seed %d", seed).isPositive();
      assertThat(estimate.transferredBytes()).as("seed %d", seed).isNotNegative();
      assertThat(model.durationRatios().size()).isLessThanOrEqualTo(32);
    }
  }
}
