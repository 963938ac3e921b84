package io.drover.predictor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RanksTest {

  @Test
  void everyRankIsThatOfTheSortedValues() {
    long seed = Long.getLong("drover.seed", 11);
    Random random = new Random(seed);
    Ranks ranks = new Ranks(300);
    for (int round = 0; round < 500; round++) {
      int n = 1 + random.nextInt(300);
      float[] values = new float[n];
      int kind = random.nextInt(4);
      for (int i = 0; i < n; i++) {
        values[i] =
            switch (kind) {
              case 0 -> random.nextInt(4);
              case 1 -> random.nextFloat();
              case 2 -> (float) Math.exp(40 * random.nextGaussian() / 3);
              default -> 7.25f;
            };
      }
      ranks.load(values, n);
      for (int newest : new int[] {(n + 1) / 2, n}) {
        ranks.newest(newest);
        float[] sorted = Arrays.copyOfRange(values, n - newest, n);
        Arrays.sort(sorted);
        for (int rank = 0; rank < newest; rank++) {
          assertThat(ranks.at(rank)).as("seed %d, round %d", seed, round).isEqualTo(sorted[rank]);
        }
      }
    }
  }

  @Test
  void quantilesLieBetweenTheirNeighbours() {
    Ranks ranks = new Ranks(10);
    ranks.load(new float[] {9, 3, 1, 7, 5}, 5);
    ranks.newest(5);

    assertThat(ranks.median()).isEqualTo(5f);
    assertThat(ranks.quantile(0.5)).isEqualTo(5f);
    assertThat(ranks.quantile(0.25)).isEqualTo(2f);
    assertThat(ranks.quantile(0.99)).isEqualTo(9f);
    assertThat(ranks.quantile(0)).isEqualTo(1f);
  }
}
