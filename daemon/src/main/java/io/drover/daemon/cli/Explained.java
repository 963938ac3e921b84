package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;

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
    answer.path("considered").forEach(line -> command.out().println("- " + line.asText()));
    ViewCommands.Moves.table(answer.path("moves")).print(command.out(), "never moved");
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
