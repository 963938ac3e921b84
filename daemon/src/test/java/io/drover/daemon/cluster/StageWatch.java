package io.drover.daemon.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/** Acts in the moment in which a migration's record shows a certain step. */
final class StageWatch {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** In the order in which a migration comes to them. */
  private static final List<String> FORWARD =
      List.of("PREPARE", "COPY", "RELEASE", "TAKE", "SWITCH", "COMMIT", "RESUME", "END_SOURCE");

  /** Where a migration goes when a step has failed. */
  private static final List<String> UNDOING = List.of("DECIDE", "UNDO_DESTINATION", "UNDO_SOURCE");

  private final CuratorFramework records;
  private final String path;

  StageWatch(CuratorFramework records, String intent) {
    this.records = records;
    this.path = "/intents/" + intent;
  }

  /** What is done at the step. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Waits for the step, acts, and tells whether the migration had not gone on by itself when the
   * action was done. False, without having acted, when it was past the step already.
   */
  boolean actAt(String stage, Action action) throws Exception {
    String now = await(stage);
    if (!now.equals(stage)) {
      return false;
    }
    action.run();
    String after = stage();
    return after.equals(stage) || UNDOING.contains(after);
  }

  /** The first stage that is seen which is the wanted one, or not before it; "" for none left. */
  private String await(String stage) throws Exception {
    long deadline = System.nanoTime() + ClusterHarness.LONG.toNanos();
    while (true) {
      CountDownLatch changed = new CountDownLatch(1);
      String now;
      try {
        now =
            text(
                records
                    .getData()
                    .usingWatcher(
                        (org.apache.curator.framework.api.CuratorWatcher)
                            event -> changed.countDown())
                    .forPath(path));
      } catch (KeeperException.NoNodeException ended) {
        return "";
      }
      int at = FORWARD.indexOf(now);
      if (at < 0 || at >= FORWARD.indexOf(stage)) {
        return now;
      }
      if (!changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError(
            "the migration stays in "
                + now
                + ", waited for "
                + stage
                + " for "
                + ClusterHarness.LONG);
      }
    }
  }

  private String stage() throws Exception {
    try {
      return text(records.getData().forPath(path));
    } catch (KeeperException.NoNodeException ended) {
      return "";
    }
  }

  private static String text(byte[] record) throws IOException {
    return JSON.readTree(record).path("stage").asText();
  }
}
