package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that only look. */
final class ViewCommands {
  private ViewCommands() {}

  /** {@code drover status}. */
  @Command(
      name = "status",
      description = "Shows the nodes, the scheduler and totals.",
      footer = {
        "",
        "Examples:",
        "  drover status",
        "  drover status --json --api http://127.0.0.2:7600"
      })
  static final class Status extends ApiCommand {
    @Override
    void execute(ApiClient api) throws Exception {
      JsonNode answer = api.get("/v1/status");
      if (printedAsJson(answer)) {
        return;
      }
      Table nodes = new Table("NODE", "STATE", "ROLES", "API");
      for (JsonNode node : answer.path("nodes")) {
        String state =
            node.path("status").asText()
                + (node.path("reachable").asBoolean() ? "" : ", unreachable");
        nodes.row(
            node.path("id").asText(),
            state,
            Show.list(node.path("roles")),
            node.path("api").asText());
      }
      nodes.print(out(), "no nodes");
      scheduler(out(), answer);
    }

    private static void scheduler(PrintWriter out, JsonNode answer) {
      JsonNode s = answer.path("scheduler");
      out.println();
      if (!s.isObject()) {
        out.println("scheduler: " + answer.path("schedulerProblem").asText("none"));
        return;
      }
      out.println(
          "scheduler on "
              + s.path("schedulerNode").asText()
              + ", epoch "
              + s.path("schedulerEpoch").asText()
              + ", mode "
              + s.path("mode").asText()
              + ", last plan "
              + Show.millis(s.path("planAgeMillis").asLong(-1))
              + " ago");
      out.println(
          "hosts: "
              + s.path("hostsOn").asInt()
              + " on, "
              + s.path("hostsStandby").asInt()
              + " in standby; VMs: "
              + s.path("vmsRunning").asInt()
              + " of "
              + s.path("vmsTotal").asInt()
              + " running; operations under way: "
              + s.path("operationsOpen").asInt());
      out.println(
          "moves: "
              + s.path("movesSucceeded").asLong()
              + " done, "
              + s.path("movesFailed").asLong()
              + " failed; forecast error "
              + Show.cores(s.path("forecastErrorCores"))
              + " cores; host time saved "
              + Show.millis((long) (s.path("hostSecondsSaved").asDouble() * 1_000)));
    }
  }

  /** {@code drover hosts}. */
  @Command(
      name = "hosts",
      description = "Shows the hosts with capacity, demand and power state.",
      footer = {"", "Example:", "  drover hosts"})
  static final class Hosts extends ApiCommand {
    @Override
    void execute(ApiClient api) throws Exception {
      JsonNode answer = api.get("/v1/hosts");
      if (printedAsJson(answer)) {
        return;
      }
      Table table =
          new Table(
              "HOST",
              "POWER",
              "SEEN",
              ">CAPACITY",
              ">DEMAND",
              ">FORECAST",
              ">MEMORY USED",
              ">VMS",
              "ACCEL");
      for (JsonNode h : answer.path("hosts")) {
        table.row(
            h.path("name").asText(),
            h.path("power").asText(),
            h.path("reachable").asBoolean()
                ? Show.millis(h.path("reportAgeMillis").asLong()) + " ago"
                : "no",
            Show.cores(h.path("capacityCores")),
            Show.cores(h.path("demandCores")),
            Show.cores(h.path("forecastCores")),
            Show.bytes(h.path("memoryUsedBytes").asLong())
                + " / "
                + Show.bytes(h.path("memoryBytes").asLong()),
            h.path("vms").asText(),
            Show.text(h.path("accelerator")));
      }
      table.print(out(), "no host has reported yet");
    }
  }

  /** {@code drover vms}. */
  @Command(
      name = "vms",
      description = "Shows the VMs with their hosts, states and demand (same as `drover vm list`).",
      footer = {"", "Example:", "  drover vms"})
  static final class Vms extends ApiCommand {
    @Override
    void execute(ApiClient api) throws Exception {
      VmCommand.show(this, api.get("/v1/vms"));
    }
  }

  /** {@code drover disks}. */
  @Command(
      name = "disks",
      description = "Shows the disks with their replicas (same as `drover disk list`).",
      footer = {"", "Example:", "  drover disks"})
  static final class Disks extends ApiCommand {
    @Override
    void execute(ApiClient api) throws Exception {
      DiskCommand.show(this, api.get("/v1/disks"));
    }
  }

  /** {@code drover plan}. */
  @Command(
      name = "plan",
      description =
          "Shows the newest plan: what the scheduler does, or would do, and why not more.",
      footer = {
        "",
        "Examples:",
        "  drover plan",
        "  drover plan --approve",
        "  drover plan --reject"
      })
  static final class Plan extends ApiCommand {
    @Option(
        names = "--approve",
        description = "Carry out the plan that is shown (in mode recommend).")
    private boolean approve;

    @Option(names = "--reject", description = "Drop what in the plan shown waits for approval.")
    private boolean reject;

    @Override
    void execute(ApiClient api) throws Exception {
      if (approve && reject) {
        throw wrong("--approve and --reject exclude each other");
      }
      JsonNode plan = api.get("/v1/plan");
      if (!printedAsJson(plan)) {
        print(plan);
      }
      if (approve || reject) {
        String path = approve ? "/v1/plan/approve" : "/v1/plan/reject";
        follow(api, api.post(path, java.util.Map.of("planId", plan.path("planId").asText())), true);
      }
    }

    private void print(JsonNode plan) {
      out()
          .println(
              "plan "
                  + plan.path("planId").asText()
                  + " of "
                  + java.time.Instant.ofEpochMilli(plan.path("atEpochMillis").asLong())
                  + ", mode "
                  + plan.path("mode").asText());
      if (plan.path("actions").isEmpty()) {
        out().println("nothing to do");
      }
      for (JsonNode action : plan.path("actions")) {
        String subject =
            action.path("vm").asText().isEmpty()
                ? action.path("fromHost").asText() + action.path("toHost").asText()
                : action.path("vm").asText();
        String way =
            action.path("kind").asText().equals("move")
                ? " from "
                    + action.path("fromHost").asText()
                    + " to "
                    + action.path("toHost").asText()
                : "";
        out()
            .println(
                "- "
                    + action.path("kind").asText()
                    + " "
                    + subject
                    + way
                    + " ["
                    + action.path("state").asText()
                    + "]");
        out().println("    " + action.path("explanation").asText());
      }
      for (JsonNode note : plan.path("notes")) {
        out().println("  " + note.asText());
      }
    }
  }

  /** {@code drover explain}. */
  @Command(
      name = "explain",
      description = "Says why a VM or a host is as it is: forecast, and what was considered.",
      footer = {"", "Examples:", "  drover explain web1", "  drover explain host4"})
  static final class Explain extends ApiCommand {
    @Parameters(paramLabel = "VM|HOST", description = "Name or id of a VM, or a host's node id.")
    private String subject = "";

    @Override
    void execute(ApiClient api) throws Exception {
      Optional<JsonNode> vm = api.find("/v1/explain/" + ApiClient.part(subject));
      if (vm.isPresent()) {
        Explained.vm(this, vm.get());
        return;
      }
      Optional<JsonNode> host = api.find("/v1/hosts/" + ApiClient.part(subject) + "/explain");
      if (host.isEmpty()) {
        throw CliException.wrongInput(
            "there is neither a VM nor a host '" + subject + "'",
            "`drover vms` and `drover hosts` show what there is");
      }
      Explained.host(this, host.get());
    }
  }

  /** {@code drover moves}. */
  @Command(
      name = "moves",
      description = "Shows the moves that ended, with predicted and actual duration and downtime.",
      footer = {"", "Example:", "  drover moves"})
  static final class Moves extends ApiCommand {
    @Override
    void execute(ApiClient api) throws Exception {
      JsonNode answer = api.get("/v1/moves");
      if (!printedAsJson(answer)) {
        table(answer.path("moves")).print(out(), "no move has ended yet");
      }
    }

    static Table table(JsonNode moves) {
      Table table =
          new Table(
              "VM",
              "FROM",
              "TO",
              "OUTCOME",
              ">DURATION",
              ">PREDICTED",
              ">DOWNTIME",
              ">PREDICTED",
              "TROUBLE");
      for (JsonNode m : moves) {
        table.row(
            m.path("vm").asText(),
            m.path("from").asText(),
            m.path("to").asText(),
            m.path("outcome").asText() + (m.path("byHand").asBoolean() ? " by hand" : ""),
            Show.millis(m.path("actualMillis").asLong()),
            Show.millis(m.path("predictedMillis").asLong()),
            Show.millis(m.path("actualDowntimeMillis").asLong()),
            Show.millis(m.path("predictedDowntimeMillis").asLong()),
            Show.text(m.path("trouble")));
      }
      return table;
    }
  }
}
