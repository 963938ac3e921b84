package io.drover.daemon.demo.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.drover.daemon.demo.guest.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final Finding YES = new Finding(true, "seen");
  private static final Finding NO = new Finding(false, "not seen");
  private static final Verdict CLEAN = new Verdict(90, 1_000, 0, 0, 0);

  private static Summary summary(Finding standby, Verdict verdict, List<String> unheard) {
    return new Summary(
        new Judgement(YES, YES, standby, YES),
        verdict,
        unheard,
        List.of(
            new MoveSeen("m1", "web", "host1", "host2", "moved", false, 5, 2_000, 2_400, 90, 130),
            new MoveSeen("m2", "mail", "host1", "host3", "undone", false, 9, 2_000, 700, 90, 0)),
        0.021,
        44.4,
        31.26,
        241.04);
  }

  @Test
  void jsonHasTheAgreedKeysAndNoOthers() throws Exception {
    JsonNode json = JsonMapper.builder().build().readTree(summary(NO, CLEAN, List.of()).toJson());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("events", "verdict", "moves", "secondsToFirstVm", "secondsTotal");
    assertThat(json.path("events").toString())
        .isEqualTo(
            "{\"overloadRelieved\":true,\"glitchIgnored\":true,\"standby\":false,\"wokenInTime\":true}");
    assertThat(json.path("verdict").toString())
        .isEqualTo("{\"blocksVerified\":1000,\"lost\":0,\"stale\":0}");
    assertThat(json.path("moves").toString())
        .isEqualTo(
            "[{\"vm\":\"web\",\"from\":\"host1\",\"to\":\"host2\",\"predictedMillis\":2000,\"actualMillis\":2400,"
                + "\"predictedDowntimeMillis\":90,\"actualDowntimeMillis\":130}]");
    assertThat(json.path("secondsToFirstVm").doubleValue()).isEqualTo(31.3);
    assertThat(json.path("secondsTotal").doubleValue()).isEqualTo(241.0);
  }

  @Test
  void successNeedsEverything() {
    assertThat(summary(YES, CLEAN, List.of()).successful()).isTrue();
    assertThat(summary(NO, CLEAN, List.of()).successful()).isFalse();
    assertThat(summary(YES, CLEAN, List.of("web")).successful()).isFalse();
    assertThat(summary(YES, new Verdict(90, 1_000, 1, 0, 0), List.of()).successful()).isFalse();
    assertThat(summary(YES, new Verdict(90, 1_000, 0, 1, 0), List.of()).successful()).isFalse();
    assertThat(summary(YES, new Verdict(90, 1_000, 0, 0, 1), List.of()).successful()).isFalse();
    assertThat(summary(YES, Verdict.NONE, List.of()).successful()).isFalse();
  }

  @Test
  void linesSayWhatIsLacking() {
    String text = String.join("\n", summary(NO, CLEAN, List.of("web")).lines());
    assertThat(text)
        .contains("NO   standby", "not seen", "no last verification from web", "undone")
        .contains("took 2.4 s (predicted 2.0 s), stood still 130 ms (predicted 90 ms)");
  }
}
