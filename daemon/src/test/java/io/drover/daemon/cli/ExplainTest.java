package io.drover.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.drover.daemon.api.ApiJson;
import io.drover.daemon.api.ApiRouter;
import io.drover.daemon.api.HttpServer;
import io.drover.daemon.api.SchedulerRoutes;
import io.drover.daemon.cli.MemorySite.Ended;
import io.drover.scheduler.view.SchedulerView;
import io.drover.scheduler.view.SchedulerView.HorizonInfo;
import io.drover.scheduler.view.SchedulerView.ModelInfo;
import io.drover.scheduler.view.SchedulerView.PhaseInfo;
import io.drover.scheduler.view.SchedulerView.PredictionInfo;
import io.drover.scheduler.view.SchedulerView.VmInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What {@code drover explain VM} shows, from the scheduler's answer to the screen. */
class ExplainTest {
  private static final VmInfo VM =
      new VmInfo(
          "v1", "web1", "host1", "RUNNING", "RUNNING", 1, 2, 1 << 20, 0.4, 0.5, 0.5, List.of(), "",
          "");

  private static final PhaseInfo PHASE = new PhaseInfo(0.52, 1_700_000_000_000L, 90_000, 0.5, 2, 3);

  private static final PredictionInfo PREDICTION =
      new PredictionInfo(
          130,
          1,
          60_000,
          List.of(
              new HorizonInfo(
                  60_000,
                  0.5,
                  0.6,
                  0.7,
                  0.8,
                  0.05,
                  1.1,
                  List.of(new ModelInfo("last value", 0.5)))),
          "in a minute half a core");

  private static Ended explain(
      Optional<PhaseInfo> phase, Optional<PredictionInfo> prediction, String... more)
      throws Exception {
    SchedulerView answer =
        new SchedulerView.Explained(VM, "0.52 cores", phase, prediction, List.of(), List.of());
    ApiRouter router = new ApiRouter();
    SchedulerRoutes.register(router, question -> answer);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      HttpServer server = HttpServer.open("127.0.0.1", 0, 16, router, executor, config());
      try {
        String[] words = {"explain", "web1", "--api", "http://127.0.0.1:" + server.port()};
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return MemorySite.run(all);
      } finally {
        server.close();
      }
    }
  }

  private static Config config() {
    return ConfigFactory.parseString("pekko.actor.provider = local")
        .withFallback(ConfigFactory.load());
  }

  @Test
  void thePhaseAndWhatWasLearnedAreToldInAFewNumbersAndASentenceEach() throws Exception {
    Ended ended = explain(Optional.of(PHASE), Optional.of(PREDICTION));

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains(
            "phase: 0.52 cores since 2023-11-14T22:13:20Z, expected for another 90.0 s"
                + " (confidence 0.50); glitches left out: 2, the last 3 samples may be",
            "learned: in a minute half a core",
            "AHEAD",
            "last value 50 %");
  }

  @Test
  void aMachineOfWhichNothingIsKnownYetIsExplainedAllTheSame() throws Exception {
    Ended ended = explain(Optional.empty(), Optional.empty());

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("forecast: 0.52 cores").doesNotContain("phase", "learned");
  }

  @Test
  void theSameNumbersAreInTheJson() throws Exception {
    Ended ended = explain(Optional.of(PHASE), Optional.of(PREDICTION), "--json");

    var json = ApiJson.parse(ended.out());
    assertThat(json.at("/phase/glitches").asInt()).isEqualTo(2);
    assertThat(json.at("/prediction/horizons/0/ninetyFive").asDouble()).isEqualTo(0.7);
    assertThat(json.at("/prediction/horizons/0/models/0/model").asText()).isEqualTo("last value");
  }
}
