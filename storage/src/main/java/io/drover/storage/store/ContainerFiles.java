package io.drover.storage.store;

import io.drover.storage.replica.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and opens the directory of a container: epoch, flush mark and segments. */
final class ContainerFiles {
  private static final Logger logger = LoggerFactory.getLogger(ContainerFiles.class);
  private static final SecureRandom SALTS = new SecureRandom();

  private ContainerFiles() {}

  /** Durable when it returns; after a crash on the way nothing of it is there. */
  static Container create(ContainerId id, Path directory, Pool pool, long epoch)
      throws IOException {
    Medium medium = pool.medium();
    Path draft = PoolDirectory.draftOf(directory);
    Medium.deleteTree(draft);
    Files.createDirectory(draft);
    EpochFile.create(medium.create(draft.resolve(EpochFile.NAME)), SALTS.nextLong(), epoch).close();
    FlushMark.create(medium.create(draft.resolve(FlushMark.NAME))).close();
    medium.forceDirectory(draft);
    medium.rename(draft, directory);
    return open(id, directory, pool);
  }

  /**
   * Opens and replays.
   *
   * @throws UnreadableException when the epoch or the flush mark cannot be told
   */
  static Container open(ContainerId id, Path directory, Pool pool) throws IOException {
    Medium medium = pool.medium();
    Compaction.removeDrafts(directory, medium);
    EpochFile epoch = EpochFile.open(medium.file(directory.resolve(EpochFile.NAME)));
    FlushMark mark = FlushMark.open(medium.file(directory.resolve(FlushMark.NAME)));
    Replay.Outcome replayed = Replay.of(directory, medium, epoch.salt(), mark.position());
    if (replayed.cutBytes() > 0) {
      pool.metrics().cutBytes.inc((double) replayed.cutBytes());
      logger
          .atWarn()
          .addKeyValue("node", pool.nodeId())
          .addKeyValue("container", id)
          .addKeyValue("bytes", replayed.cutBytes())
          .addKeyValue("last", replayed.log().last())
          .addKeyValue("durable", mark.position())
          .log("tail beyond the flush mark was not whole, cut");
    }
    return new Container(id, directory, pool, epoch, mark, replayed);
  }
}
