package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The scheduler's reasons, written for people. */
final class Explained {
  private Explained() {}

  static void vm(ApiCommand command, JsonNode answer) {
    if (command.printedAsJson(answer)) {
      return;
    }
    JsonNode v = answer.path("vm");
    command
        .out()
        .println(
            v.path("name").asText()
                + " is "
                + v.path("state").asText()
                + " on "
                + Show.text(v.path("host"))
                + " (wished: "
                + v.path("desired").asText()
                + ")");
    if (!v.path("trouble").asText().isEmpty()) {
      command.out().println("trouble: " + v.path("trouble").asText());
    }
    command
        .out()
        .println(
            "demand "
                + Show.cores(v.path("cpuDemandCores"))
                + " cores, of which used "
                + Show.cores(v.path("cpuUsedCores")));
    command.out().println("forecast: " + answer.path("forecast").asText());
    phase(command, answer.path("phase"));
    prediction(command, answer.path("prediction"));
    answer.path("considered").forEach(line -> command.out().println("- " + line.asText()));
    ViewCommands.Moves.table(answer.path("moves")).print(command.out(), "never moved");
  }

  private static void phase(ApiCommand command, JsonNode phase) {
    if (!phase.isObject()) {
      return;
    }
    String since =
        Instant.ofEpochMilli(phase.path("sinceEpochMillis").asLong())
            .truncatedTo(ChronoUnit.SECONDS)
            .toString();
    String undecided =
        phase.path("undecidedSamples").asInt() == 0
            ? ""
            : ", the last "
                + phase.path("undecidedSamples").asText()
                + " samples may be another glitch or a new phase";
    command
        .out()
        .println(
            "phase: "
                + Show.cores(phase.path("levelCores"))
                + " cores since "
                + since
                + ", expected for another "
                + Show.millis(phase.path("expectedRemainingMillis").asLong())
                + " (confidence "
                + Show.cores(phase.path("confidence"))
                + "); glitches left out: "
                + phase.path("glitches").asText()
                + undecided);
  }

  private static void prediction(ApiCommand command, JsonNode prediction) {
    if (!prediction.isObject()) {
      return;
    }
    command.out().println("learned: " + prediction.path("sentence").asText());
    Table table =
        new Table(">AHEAD", ">MIDDLE", ">90 %", ">95 %", ">99 %", ">OFF BY", ">WIDENED", "MODELS");
    for (JsonNode h : prediction.path("horizons")) {
      List<String> models = new ArrayList<>();
      for (JsonNode m : h.path("models")) {
        models.add(
            m.path("model").asText() + " " + Math.round(100 * m.path("weight").asDouble()) + " %");
      }
      table.row(
          Show.millis(h.path("aheadMillis").asLong()),
          Show.cores(h.path("middle")),
          Show.cores(h.path("ninety")),
          Show.cores(h.path("ninetyFive")),
          Show.cores(h.path("ninetyNine")),
          Show.cores(h.path("usualError")),
          Show.cores(h.path("widened")),
          String.join(", ", models));
    }
    table.print(command.out(), "no forecast yet");
  }

  static void host(ApiCommand command, JsonNode answer) {
    if (command.printedAsJson(answer)) {
      return;
    }
    JsonNode h = answer.path("host");
    command
        .out()
        .println(
            h.path("name").asText()
                + " is "
                + h.path("power").asText()
                + " with "
                + h.path("vms").asInt()
                + " VMs, which demand "
                + Show.cores(h.path("demandCores"))
                + " of its "
                + Show.cores(h.path("capacityCores"))
                + " cores");
    answer.path("considered").forEach(line -> command.out().println("- " + line.asText()));
  }
}
