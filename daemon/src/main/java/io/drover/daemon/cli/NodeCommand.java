package io.drover.daemon.cli;

import io.drover.daemon.node.DroverNode;
import io.drover.daemon.node.DroverSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drover node}: runs until it is told to stop. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a node in the foreground, with the roles that its settings list.",
      "It stops at Ctrl-C or SIGTERM; its virtual machines go on, and the next start takes them over."
    },
    footer = {
      "",
      "Examples:",
      "  drover node --config config/drover.conf",
      "  drover node --config /etc/drover/drover.conf --json"
    })
final class NodeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The node's settings; see config/drover.conf.")
  private Path config = Path.of("drover.conf");

  @Option(names = "--json", description = "Print one JSON line when the node is ready.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    DroverSettings settings = DroverSettings.load(config);
    Stop stop = new Stop(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(stop::requested, "stop-on-signal"));
    try (DroverNode node = DroverNode.start(settings)) {
      stop.started();
      spec.commandLine()
          .getOut()
          .println(
              json
                  ? "{\"ready\":true,\"api\":\"" + node.url() + "\"}"
                  : "node " + settings.node().id() + " answers at " + node.url());
      stop.await();
    } finally {
      stop.finished();
    }
    return 0;
  }

  /**
   * The process ends when its shutdown hooks return, so the hook waits for the parts to stop in
   * their order.
   */
  private static final class Stop {
    private final Thread starter;
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private boolean starting = true;

    Stop(Thread starter) {
      this.starter = starter;
    }

    void requested() {
      synchronized (this) {
        requested.countDown();
        if (starting) {
          starter.interrupt();
        }
      }
      try {
        finished.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    synchronized void started() {
      starting = false;
    }

    void await() throws InterruptedException {
      requested.await();
    }

    void finished() {
      finished.countDown();
    }
  }
}
