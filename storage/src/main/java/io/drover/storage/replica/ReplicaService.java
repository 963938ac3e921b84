package io.drover.storage.replica;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * One storage node, local or remote, as a holder of replicas.
 *
 * <p>Every call carries the caller's epoch. A replica refuses a lower one than it has answered to
 * ({@link ReplicaException.Fenced}), and makes a higher one durable before it answers. Calls block,
 * except {@link #append}; all may be called from several threads.
 *
 * <p>Whoever fenced a container holds it through that call: when the node was lost since, every
 * further call but {@code fence} and {@code delete} is {@link ReplicaException.Unreachable}, until
 * the container is fenced anew and positions were compared. Reads by others (with a sealed
 * sequence, or under an epoch that somebody else fenced) need no fence.
 */
public interface ReplicaService extends AutoCloseable {

  /**
   * Raises the container's epoch durably and tells what is there.
   *
   * @param create whether to make the container when it is absent; otherwise an absent one is only
   *     reported
   */
  ContainerState fence(ContainerId container, long epoch, boolean create) throws ReplicaException;

  /**
   * Appends a record. The order of calls is the order of application. Completes when the record is
   * in the page cache of the node; fails with a {@link ReplicaException}, for example {@link
   * ReplicaException.Gap} when the record does not follow the last one. A record that is there
   * already (same position) succeeds. When an append fails, those behind it fail with a gap.
   *
   * <p>What depends on the future may run on the thread that reads the connection: it must not
   * block.
   */
  CompletableFuture<Void> append(AppendRequest request);

  /**
   * Makes everything up to {@code sequence} (at least) durable; concurrent flushes share one fsync.
   */
  Durable flush(ContainerId container, long epoch, long sequence) throws ReplicaException;

  /** Reads blocks and checks them. */
  ReadReply read(ReadRequest request) throws ReplicaException;

  /**
   * Records after a position, for bringing another replica up to date: at least one unless the log
   * ends there, and no more than about {@code maxBytes}.
   */
  LogChunk fetch(ContainerId container, long epoch, LogPosition after, int maxBytes)
      throws ReplicaException;

  /** Cuts what follows {@code last}, durably. {@link LogPosition#EMPTY} cuts everything. */
  void truncate(ContainerId container, long epoch, LogPosition last) throws ReplicaException;

  /**
   * Puts back the bytes that a record held for a block; they must match the checksum that was kept.
   *
   * @throws ReplicaException.Superseded when they do not: the peer gave the block of another record
   */
  void repair(
      ContainerId container, long epoch, int block, int version, long sequence, ByteBuffer data)
      throws ReplicaException;

  /** Removes the container. Absent ones are no failure. */
  void delete(ContainerId container, long epoch) throws ReplicaException;

  @Override
  void close();
}
