package io.drover.daemon.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts while a migration is at a certain step, and cannot get past it.
 *
 * <p>Only the scheduler takes a migration from step to step. It is frozen as soon as the record
 * changes to the step, and goes on when the action is done.
 */
final class StageWatch {
  private static final Logger log = LoggerFactory.getLogger(StageWatch.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A frozen ZooKeeper leader answers nothing; then what it has told the others is what there is.
   */
  private static final Duration SYNC = Duration.ofSeconds(1);

  /** In the order in which a migration comes to them. */
  private static final List<String> FORWARD =
      List.of("PREPARE", "COPY", "RELEASE", "TAKE", "SWITCH", "COMMIT", "RESUME", "END_SOURCE");

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
   * Waits for the step and acts in it; false, without having acted, when the migration was past the
   * step already.
   *
   * @param scheduler must not be the node that the records are read from
   */
  boolean actAt(String stage, TestNode scheduler, Action action) throws Exception {
    if (!changesTo(stage)) {
      return false;
    }
    scheduler.freeze();
    try {
      if (!settled().equals(stage)) {
        return false;
      }
      action.run();
      return true;
    } finally {
      scheduler.thaw();
    }
  }

  /**
   * Waits until the record has changed to the step. It is not read again then, for that would take
   * time: what it has changed to is seen when nothing changes it any more.
   */
  private boolean changesTo(String stage) throws Exception {
    int wanted = FORWARD.indexOf(stage);
    long deadline = System.nanoTime() + ClusterHarness.LONG.toNanos();
    while (true) {
      CountDownLatch changed = new CountDownLatch(1);
      String now = stage(changed);
      int at = FORWARD.indexOf(now);
      if (at < 0 || at >= wanted) {
        return at == wanted;
      }
      if (!changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError(
            "the migration stays in %s, waited for %s for %s"
                .formatted(now, stage, ClusterHarness.LONG));
      }
      if (at == wanted - 1) {
        return true;
      }
    }
  }

  /** What the record holds once all that was written before has arrived where it is read. */
  private String settled() throws Exception {
    CountDownLatch synced = new CountDownLatch(1);
    records.sync().inBackground((client, event) -> synced.countDown()).forPath(path);
    boolean certain = synced.await(SYNC.toMillis(), TimeUnit.MILLISECONDS);
    log.debug("the record is read, {}", certain ? "synced" : "the leader is frozen");
    return stage(new CountDownLatch(1));
  }

  /** The present step; "" when the migration has ended. */
  private String stage(CountDownLatch changed) throws Exception {
    CuratorWatcher watcher = event -> changed.countDown();
    try {
      byte[] record = records.getData().usingWatcher(watcher).forPath(path);
      return JSON.readTree(record).path("stage").asText();
    } catch (KeeperException.NoNodeException ended) {
      return "";
    }
  }
}
