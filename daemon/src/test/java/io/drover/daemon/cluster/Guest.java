package io.drover.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.demo.guest.GuestImage;
import io.drover.daemon.demo.guest.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A VM whose guest writes its disk without end and verifies all that it has written; it says what
 * it found on its console.
 */
final class Guest {
  private static final long DISK_BYTES = 64L << 20;
  private static final int MEMORY_MEBIBYTES = 96;
  private static final double PAUSE_SECONDS = 0.3;
  private static final int CONSOLE_BYTES = 1 << 20;
  private static final Pattern VERDICT =
      Pattern.compile(
          "drover-verdict vm=\\S+ round=(\\d+) verified=(\\d+) lost=(\\d+) stale=(\\d+) errors=(\\d+)");

  private final ClusterHarness cluster;
  private final String name;
  private final String id;

  /** Starts seen on each host's console. */
  private final Map<String, Integer> lifeCounts = new HashMap<>();

  private long highestRound;

  private Guest(ClusterHarness cluster, String name, String id) {
    this.cluster = cluster;
    this.name = name;
    this.id = id;
  }

  /** Makes a disk with three replicas and a VM on it, and starts it on a host. */
  static Guest start(ClusterHarness cluster, String name, TestNode host)
      throws IOException, InterruptedException {
    GuestImage image = GuestImage.build(NodeProcess.home());
    String disk = name + "-disk";
    cluster.api().post("/v1/disks", Map.of("name", disk, "sizeBytes", DISK_BYTES, "replicas", 3));
    JsonNode vm =
        cluster
            .api()
            .post(
                "/v1/vms",
                Map.of(
                    "name",
                    name,
                    "memoryMebibytes",
                    MEMORY_MEBIBYTES,
                    "disks",
                    List.of(disk),
                    "kernel",
                    image.kernel().toString(),
                    "initrd",
                    image.initrd().toString(),
                    "append",
                    GuestImage.commandLineAlone(name, 0, PAUSE_SECONDS)));
    Guest guest = new Guest(cluster, name, vm.path("spec").path("id").asText());
    guest.start(host);
    return guest;
  }

  /** Starts it on a host and waits until its guest writes. */
  void start(TestNode host) throws IOException, InterruptedException {
    done(cluster.api().post("/v1/vms/" + name + "/start", Map.of("host", host.id())));
    awaitProgress();
  }

  String name() {
    return name;
  }

  String id() {
    return id;
  }

  /** Waits until an accepted operation ends; fails unless it succeeded. */
  void done(JsonNode accepted) {
    JsonNode operation = ended(accepted);
    assertThat(operation.path("succeeded").asBoolean())
        .as("%s\n%s", operation, cluster.logs())
        .isTrue();
  }

  /** Waits until an accepted operation ends, however it does. */
  JsonNode ended(JsonNode accepted) {
    String operation = accepted.path("operationId").asText();
    return cluster.awaitValue(
        "end of operation " + accepted,
        () -> {
          JsonNode now = cluster.api().get("/v1/operations/" + operation);
          return now.path("done").asBoolean() ? Optional.of(now) : Optional.empty();
        });
  }

  /**
   * Asks for a move until it is accepted; answers the accepted operation. After a fault the
   * scheduler may not have heard from both hosts yet, and says so.
   */
  JsonNode migrate(TestNode to) {
    return cluster.awaitValue(
        "a move of " + name + " to " + to.id() + " is accepted",
        () ->
            Optional.of(cluster.api().post("/v1/vms/" + name + "/migrate", Map.of("to", to.id()))));
  }

  /** Where it belongs. */
  TestNode host() {
    return cluster.awaitValue(
        "host of " + name,
        () ->
            Optional.of(view().path("host").asText())
                .filter(host -> !host.isEmpty())
                .map(cluster::node));
  }

  /** What the scheduler says of it. */
  JsonNode view() throws IOException, InterruptedException {
    for (JsonNode vm : cluster.api().get("/v1/vms").path("vms")) {
      if (vm.path("name").asText().equals(name)) {
        return vm;
      }
    }
    throw new IOException("the scheduler does not know VM " + name);
  }

  void awaitRunningOn(TestNode host) {
    cluster.await(
        name + " runs on " + host.id(),
        () -> {
          JsonNode now = view();
          return now.path("host").asText().equals(host.id())
              && now.path("state").asText().equals("RUNNING");
        });
  }

  /** The newest verdict on the console of its present host, if there is one. */
  private Optional<Verdict> verdict() throws IOException, InterruptedException {
    List<Verdict> all = verdicts(console().path("text").asText());
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** How often it has started, by the consoles' files on all hosts. */
  int starts() throws IOException {
    int starts = 0;
    for (TestNode node : cluster.nodes()) {
      Path console = consoleOn(node);
      if (Files.exists(console)) {
        String text = Files.readString(console, StandardCharsets.ISO_8859_1);
        starts += text.split("drover-guest " + name + " up", -1).length - 1;
      }
    }
    return starts;
  }

  private Path consoleOn(TestNode host) {
    return host.dataDir().resolve("vms").resolve(id).resolve("console.log");
  }

  /** The newest round in the console's file on a host, which may be out of everybody's reach. */
  long roundInLogOf(TestNode host) throws IOException {
    List<Verdict> all = verdicts(Files.readString(consoleOn(host), StandardCharsets.ISO_8859_1));
    return all.isEmpty() ? 0 : all.getLast().round();
  }

  private JsonNode console() throws IOException, InterruptedException {
    return cluster.api().get("/v1/vms/" + name + "/console?tail=" + CONSOLE_BYTES);
  }

  private static List<Verdict> verdicts(String console) {
    List<Verdict> all = new ArrayList<>();
    Matcher matcher = VERDICT.matcher(console);
    while (matcher.find()) {
      all.add(
          new Verdict(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3)),
              Long.parseLong(matcher.group(4)),
              Long.parseLong(matcher.group(5))));
    }
    return all;
  }

  /**
   * Waits until the guest has written and verified more than it had at the call, and asserts that
   * nothing was lost and that it saw no error.
   */
  Verdict awaitProgress() throws IOException, InterruptedException {
    // The node that has the console may be about to come back from a fault.
    Optional<Verdict> atCall =
        cluster.awaitValue("console of guest " + name, () -> Optional.of(verdict()));
    long before = atCall.map(Verdict::round).orElse(0L);
    // The verification that is under way may have begun before the call; the next one has not.
    Verdict underWay = awaitVerdictAfter(before);
    Verdict after = awaitVerdictAfter(underWay.round());
    assertThat(after.clean()).as("verdict of guest %s: %s", name, after).isTrue();
    assertNothingForgotten(console());
    highestRound = Math.max(highestRound, after.round());
    return after;
  }

  private Verdict awaitVerdictAfter(long round) {
    return cluster.awaitValue(
        "guest " + name + " writes on after round " + round,
        () -> verdict().filter(v -> v.round() > round));
  }

  /**
   * A guest that has started anew knows only what its disk holds; that must not be less than what
   * it once said to have there.
   */
  private void assertNothingForgotten(JsonNode console) {
    String[] lives = console.path("text").asText().split("drover-guest " + name + " up", -1);
    Integer known = lifeCounts.put(console.path("host").asText(), lives.length);
    boolean bornAnew = lives.length > (known == null ? 1 : known);
    if (bornAnew && !verdicts(lives[lives.length - 1]).isEmpty()) {
      // The newest round on the disk may have been cut off, so the guest goes by the one before it.
      assertThat(verdicts(lives[lives.length - 1]).getFirst().round())
          .as("round that guest %s found on its disk", name)
          .isGreaterThanOrEqualTo(highestRound - 1);
    }
  }

  /** Exactly one process on all hosts runs it. */
  void assertOneCopy() {
    Await.until(
        "one QEMU for " + name,
        ClusterHarness.LONG,
        () -> copies() + cluster.logs(),
        () -> cluster.qemus(id).size() == 1);
  }

  private String copies() {
    StringBuilder told = new StringBuilder();
    for (TestNode node : cluster.nodes()) {
      try {
        told.append(node).append(" has ").append(cluster.qemus(id, node)).append('\n');
      } catch (IOException unreadable) {
        told.append(node).append(": ").append(unreadable).append('\n');
      }
    }
    return told.toString();
  }
}
