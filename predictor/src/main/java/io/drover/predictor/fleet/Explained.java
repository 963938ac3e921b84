package io.drover.predictor.fleet;

import java.util.List;
import java.util.Locale;

/**
 * A forecast in a few numbers and one sentence.
 *
 * @param horizon in intervals
 * @param quantiles one for each of {@link FleetShape#QUANTILES}
 * @param models the models with the largest weights in the middle, the largest first
 * @param usualError how far the middle has missed lately, on average
 * @param correction factor on the distance of the 0.95 quantile from the middle, by what was missed
 */
public record Explained(
    int horizon, List<Double> quantiles, List<Share> models, double usualError, double correction) {
  public Explained {
    quantiles = List.copyOf(quantiles);
    models = List.copyOf(models);
  }

  /** A model and its share in the mixture, 0 to 1. */
  public record Share(String model, double weight) {}

  /** The whole in a sentence. */
  public String sentence() {
    StringBuilder mixture = new StringBuilder();
    for (Share share : models) {
      mixture
          .append(mixture.isEmpty() ? "" : ", ")
          .append(share.model())
          .append(String.format(Locale.ROOT, " %.0f %%", 100 * share.weight()));
    }
    return String.format(
        Locale.ROOT,
        "%d ahead %.3g, at most %.3g nine times in ten and %.3g ninety-nine times in a hundred;"
            + " from %s; it has missed by %.2g lately, the range is widened by %.2f",
        horizon,
        quantiles.get(0),
        quantiles.get(1),
        quantiles.get(3),
        mixture,
        usualError,
        correction);
  }
}
