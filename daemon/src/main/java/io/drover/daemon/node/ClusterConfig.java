package io.drover.daemon.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes Pekko's settings out of ours, so that an operator states an address once.
 *
 * <p>What the operator's file says below {@code pekko} is overruled only where a value follows from
 * our own settings.
 */
final class ClusterConfig {
  /** Name of the actor system; part of every address. */
  static final String SYSTEM = "drover";

  private ClusterConfig() {}

  static Config of(NodeSettings node, ClusterSettings cluster, Config resolved) {
    Map<String, Object> values = new HashMap<>(common());
    values.put("pekko.actor.provider", "cluster");
    values.put("pekko.remote.artery.transport", "tcp");
    values.put("pekko.remote.artery.canonical.hostname", node.address());
    values.put("pekko.remote.artery.canonical.port", cluster.port());
    // Harmless quarantines told to the other side have taken healthy nodes down.
    values.put("pekko.remote.artery.propagate-harmless-quarantine-events", "off");
    values.put("pekko.remote.default-remote-dispatcher.fork-join-executor.minimum-runnable", 4);
    values.put(
        "pekko.cluster.roles",
        node.roles().stream()
            .map(role -> role.name().toLowerCase(java.util.Locale.ROOT))
            .sorted()
            .toList());
    values.put("pekko.cluster.jmx.enabled", "off");
    values.put(
        "pekko.cluster.downing-provider-class",
        "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider");
    values.put("pekko.cluster.split-brain-resolver.active-strategy", "keep-majority");
    values.put("pekko.cluster.split-brain-resolver.stable-after", cluster.stableAfter());
    values.put(
        "pekko.cluster.failure-detector.acceptable-heartbeat-pause",
        cluster.acceptableHeartbeatPause());
    values.put("pekko.cluster.run-coordinated-shutdown-when-down", "on");
    values.put(
        "pekko.coordinated-shutdown.default-phase-timeout",
        Duration.ofSeconds(5).compareTo(cluster.shutdownTimeout()) < 0
            ? Duration.ofSeconds(5)
            : cluster.shutdownTimeout());
    return fallBack(values, resolved);
  }

  /**
   * For the HTTP server, which lives in an actor system of its own so that it survives the end of
   * membership.
   */
  static Config local(Config resolved) {
    Map<String, Object> values = new HashMap<>(common());
    values.put("pekko.actor.provider", "local");
    // A request may wait for replicas or for another node; the handlers have bounds of their own.
    values.put("pekko.http.server.request-timeout", "180s");
    values.put("pekko.http.server.idle-timeout", "200s");
    return fallBack(values, resolved);
  }

  private static Map<String, Object> common() {
    return Map.of(
        "pekko.loggers",
        java.util.List.of("org.apache.pekko.event.slf4j.Slf4jLogger"),
        "pekko.stdout-loglevel",
        "WARNING",
        // Order and timing of the node's stop are the node's business: it has one shutdown hook.
        "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook",
        "off",
        // The transport's own hook would cut the connections by which the node says good-bye.
        "pekko.jvm-shutdown-hooks",
        "off",
        "pekko.coordinated-shutdown.exit-jvm",
        "off",
        // On JDK 25 first-in-first-out pools can starve without spare threads.
        "pekko.actor.default-dispatcher.fork-join-executor.minimum-runnable",
        4,
        "pekko.actor.internal-dispatcher.fork-join-executor.minimum-runnable",
        4);
  }

  private static Config fallBack(Map<String, Object> values, Config resolved) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      config =
          config.withValue(
              entry.getKey(),
              ConfigValueFactory.fromAnyRef(entry.getValue(), "derived from drover's settings"));
    }
    return config.withFallback(resolved).resolve();
  }
}
