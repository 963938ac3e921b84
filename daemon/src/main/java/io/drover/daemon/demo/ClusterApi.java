package io.drover.daemon.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.cli.ApiClient;
import io.drover.daemon.cli.CliException;
import io.drover.daemon.demo.record.HostSeen;
import io.drover.daemon.demo.record.Look;
import io.drover.daemon.demo.record.MoveSeen;
import io.drover.daemon.demo.record.VmSeen;
import io.drover.daemon.demo.screen.Changes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The demo's view of the cluster: the HTTP interface that every user has, and nothing else. */
final class ClusterApi {
  private static final double MILLICORES = 1_000;
  private static final int REPLICAS = 3;
  private static final long BLOCK_BYTES = 4L << 10;
  private static final long CONTAINER_BYTES = 1L << 30;
  private static final long BETWEEN_QUESTIONS_MILLIS = 150;

  private final ApiClient api;

  ClusterApi(List<String> urls) {
    this.api = new ApiClient(urls);
  }

  /** Totals, or an empty object as long as there is no scheduler. */
  JsonNode scheduler() throws CliException, InterruptedException {
    return api.get("/v1/status").path("scheduler");
  }

  void createDisk(String name, long bytes) throws CliException, InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("sizeBytes", bytes);
    body.put("replicas", REPLICAS);
    body.put("blockSizeBytes", BLOCK_BYTES);
    body.put("containerBytes", CONTAINER_BYTES);
    body.put("acknowledge", "page-cache");
    api.post("/v1/disks", body);
  }

  void createVm(
      String name, int memoryMebibytes, String disk, String kernel, String initrd, String append)
      throws CliException, InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("vcpus", 1);
    body.put("memoryMebibytes", memoryMebibytes);
    body.put("disks", List.of(disk));
    body.put("mode", "automatic");
    body.put("kernel", kernel);
    body.put("initrd", initrd);
    body.put("append", append);
    api.post("/v1/vms", body);
  }

  /** Orders a start and waits until it is done. */
  void startVm(String name, String host) throws CliException, InterruptedException {
    JsonNode accepted =
        api.post("/v1/vms/" + ApiClient.part(name) + "/start", Map.of("host", host));
    String operation = accepted.path("operationId").asText();
    while (true) {
      JsonNode state = api.get("/v1/operations/" + ApiClient.part(operation));
      if (state.path("done").asBoolean()) {
        if (!state.path("succeeded").asBoolean()) {
          throw new IllegalStateException(
              "%s did not start on %s: %s".formatted(name, host, state.path("message").asText()));
        }
        return;
      }
      Thread.sleep(BETWEEN_QUESTIONS_MILLIS);
    }
  }

  /** How much the scheduler does by itself: {@code automatic}, {@code recommend} or {@code off}. */
  void setMode(String mode) throws CliException, InterruptedException {
    api.post("/v1/mode", Map.of("mode", mode));
  }

  /** Looks at hosts and VMs. */
  Look look(Map<String, Integer> told, Predicate<String> processAlive)
      throws CliException, InterruptedException {
    JsonNode vms = api.get("/v1/vms").path("vms");
    JsonNode hosts = api.get("/v1/hosts").path("hosts");
    List<HostSeen> hostsSeen = new ArrayList<>();
    for (JsonNode h : hosts) {
      String name = h.path("name").asText();
      hostsSeen.add(
          new HostSeen(
              name,
              h.path("power").asText(),
              h.path("reachable").asBoolean(),
              processAlive.test(name),
              millicores(h.path("capacityCores")),
              millicores(h.path("demandCores")),
              millicores(h.path("forecastCores")),
              h.path("vms").asInt()));
    }
    List<VmSeen> vmsSeen = new ArrayList<>();
    for (JsonNode v : vms) {
      vmsSeen.add(
          new VmSeen(
              v.path("name").asText(),
              v.path("host").asText(""),
              v.path("state").asText(),
              millicores(v.path("cpuUsedCores")),
              millicores(v.path("cpuDemandCores")),
              millicores(v.path("forecastCores")),
              v.path("trouble").asText("")));
    }
    return new Look(System.currentTimeMillis(), hostsSeen, vmsSeen, told);
  }

  /** Why the newest plan does what it does, by {@link Changes#moveKey} or the host's name. */
  Map<String, String> explanations() throws CliException, InterruptedException {
    Map<String, String> found = new HashMap<>();
    for (JsonNode action : api.get("/v1/plan").path("actions")) {
      String vm = action.path("vm").asText("");
      String from = action.path("fromHost").asText("");
      String to = action.path("toHost").asText("");
      String key =
          action.path("kind").asText().equals("move")
              ? Changes.moveKey(vm, from)
              : from.isEmpty() ? to : from;
      found.put(key, action.path("explanation").asText(""));
    }
    return found;
  }

  /** Moves that ended, oldest first. */
  List<MoveSeen> moves() throws CliException, InterruptedException {
    List<MoveSeen> moves = new ArrayList<>();
    for (JsonNode m : api.get("/v1/moves").path("moves")) {
      moves.add(
          new MoveSeen(
              m.path("id").asText(),
              m.path("vm").asText(),
              m.path("from").asText(),
              m.path("to").asText(),
              m.path("outcome").asText(),
              m.path("byHand").asBoolean(),
              m.path("startedEpochMillis").asLong(),
              m.path("predictedMillis").asLong(),
              m.path("actualMillis").asLong(),
              m.path("predictedDowntimeMillis").asLong(),
              m.path("actualDowntimeMillis").asLong()));
    }
    return moves;
  }

  private static int millicores(JsonNode cores) {
    return (int) Math.round(cores.asDouble() * MILLICORES);
  }
}
