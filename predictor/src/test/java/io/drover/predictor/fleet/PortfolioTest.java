package io.drover.predictor.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PortfolioTest {
  private static final int COUNT = 3;
  private static final float RATE = 1.9f;

  private final float[] state = new float[Portfolio.size(COUNT)];
  private final float[] weights = new float[COUNT];
  private final float[] prior = {
    (float) Math.log(0.2), (float) Math.log(0.3), (float) Math.log(0.5)
  };

  private float[] weights() {
    Portfolio.weights(state, 0, COUNT, prior, RATE, weights);
    return weights;
  }

  @Test
  void beforeAnythingWasLearnedTheWeightsAreThePrior() {
    assertThat(weights()).containsExactly(new float[] {0.2f, 0.3f, 0.5f}, within(1e-3f));
  }

  @Test
  void theModelThatIsRightTakesOver() {
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      float came = 10 + (float) random.nextGaussian();
      float[] said = {came, 14, 6};
      float mixture = Portfolio.mix(weights(), 0, said, 0, COUNT);
      Portfolio.learn(state, 0, COUNT, said, 0, mixture, came, 0.5f, 0.999f, 1e-3f);
    }
    assertThat(weights()[0]).isGreaterThan(0.9f);
  }

  @Test
  void twoModelsThatMissOnEitherSideAreMixed() {
    for (int i = 0; i < 500; i++) {
      float[] said = {8, 12, 40};
      float mixture = Portfolio.mix(weights(), 0, said, 0, COUNT);
      Portfolio.learn(state, 0, COUNT, said, 0, mixture, 10, 0.5f, 0.999f, 1e-3f);
    }
    float[] said = {8, 12, 40};
    assertThat(Portfolio.mix(weights(), 0, said, 0, COUNT)).isCloseTo(10f, within(0.8f));
  }

  @Test
  void theMixtureIsWhatTheWeightsMakeOfWhatWasSaid() {
    float[] said = {3, 5, 11};
    Portfolio.learn(state, 0, COUNT, said, 0, 6, 4, 0.5f, 0.999f, 1e-3f);

    float mixture = Portfolio.mixture(state, 0, COUNT, prior, RATE, said, 0, new float[COUNT]);

    assertThat(mixture).isCloseTo(Portfolio.mix(weights(), 0, said, 0, COUNT), within(1e-4f));
  }

  @Test
  void theExponentialIsCloseEnoughAndNeverAboveOne() {
    for (float x = 0; x > -29; x -= 0.01f) {
      double exact = Math.exp(x);
      assertThat((double) Portfolio.exp(x)).isCloseTo(exact, within(3e-4 * exact));
      assertThat(Portfolio.exp(x)).isLessThan(1.0001f);
    }
    assertThat(Portfolio.exp(-1000)).isBetween(0f, 1e-12f);
    assertThat((double) Portfolio.factor(1.5f)).isCloseTo(Math.exp(1.5), within(2e-3));
  }
}
