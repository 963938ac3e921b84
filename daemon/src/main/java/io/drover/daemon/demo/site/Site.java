package io.drover.daemon.demo.site;

import io.drover.hostagent.process.DetachedProcess;
import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The node processes of a run, and what may be known of them without asking Drover. */
public final class Site {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final int LOG_LINES = 15;

  private final NodeConfigs configs;
  private final Map<String, ProcessIdentity> last = new ConcurrentHashMap<>();

  public Site(NodeConfigs configs) {
    this.configs = configs;
  }

  public NodeConfigs configs() {
    return configs;
  }

  /** Makes the network and the settings, and starts all nodes; does not wait for them. */
  public void start() throws IOException, InterruptedException {
    if (configs.network() instanceof GuestNetwork.Bridged bridged) {
      bridged.create();
    }
    for (String host : configs.fleet().hosts()) {
      Files.createDirectories(configs.folder().node(host));
      Files.writeString(configs.folder().config(host), configs.text(host));
    }
    for (String host : configs.fleet().hosts()) {
      last.put(
          host,
          DetachedProcess.start(
              configs.command(host),
              configs.folder().root(),
              Map.of(),
              configs.folder().log(host)));
    }
  }

  /** Waits until every node is a member and all its parts run. */
  public void awaitReady(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (String host : configs.fleet().hosts()) {
      while (!Files.exists(configs.folder().readyFile(host))) {
        if (!alive(host)) {
          throw new IOException(
              "node %s ended while it started; the end of its log:%n%s"
                  .formatted(host, logEnd(host)));
        }
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "node %s did not get ready within %d s; the end of its log:%n%s"
                  .formatted(host, limit.toSeconds(), logEnd(host)));
        }
        // A file in a folder of another process; looking is cheaper than watching.
        Thread.sleep(BETWEEN_LOOKS);
      }
    }
  }

  /** Whether the host's node process exists: the one known so far, or the one in its pid file. */
  public boolean alive(String host) {
    ProcessIdentity known = last.get(host);
    if (known != null && known.alive()) {
      return true;
    }
    Optional<ProcessIdentity> now = fromPidFile(host);
    now.ifPresent(process -> last.put(host, process));
    return now.isPresent();
  }

  private Optional<ProcessIdentity> fromPidFile(String host) {
    Path file = configs.folder().pidFile(host);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      long pid = Long.parseLong(Files.readString(file).strip());
      // The file of a node that was killed may name a stranger by now.
      return Removal.processesOf(configs.folder()).stream()
          .filter(process -> process.pid() == pid)
          .findFirst();
    } catch (IOException | NumberFormatException notThere) {
      return Optional.empty();
    }
  }

  private String logEnd(String host) throws IOException {
    List<String> lines = Files.readAllLines(configs.folder().log(host));
    return String.join(
        System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }
}
