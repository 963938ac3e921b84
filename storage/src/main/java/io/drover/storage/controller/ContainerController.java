package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.controller.ReplicatedLog.Draft;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.replica.ReadRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container of a disk: opened when it is first used, it turns ranges of bytes into records and
 * reads, and keeps overlapping ones in order.
 */
final class ContainerController {
  private static final Logger log = LoggerFactory.getLogger(ContainerController.class);

  private final ContainerId id;
  private final HeldLease lease;
  private final DiskPolicy policy;
  private final ControllerContext context;
  private final DiskView view;
  private final Runnable onFenced;
  private final RangeLock ranges = new RangeLock();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private boolean opening;
  private @Nullable BlockIoException stopped;
  private volatile @Nullable Open open;
  private volatile String notYet = "";

  /** What exists once the container is open. */
  private record Open(ReplicatedLog log, InSyncReader reader) {}

  ContainerController(
      ContainerId id,
      HeldLease lease,
      DiskPolicy policy,
      ControllerContext context,
      DiskView view,
      Runnable onFenced) {
    this.id = id;
    this.lease = lease;
    this.policy = policy;
    this.context = context;
    this.view = view;
    this.onFenced = onFenced;
  }

  /** Begins to open the container, if nobody has; completes when it is open. */
  synchronized CompletableFuture<Void> startOpening() {
    if (!opening && stopped == null) {
      opening = true;
      Thread.ofVirtual().name("open-" + id).start(this::openUntilDone);
    }
    return opened;
  }

  private void openUntilDone() {
    try {
      while (stopReason() == null) {
        try {
          openOnce();
          return;
        } catch (ContainerOpening.NotYet e) {
          if (!notYet.equals(e.getMessage())) {
            log.atWarn()
                .addKeyValue("disk", id.disk())
                .addKeyValue("container", id.index())
                .addKeyValue("cause", e.getMessage())
                .log("container waits");
          }
          notYet = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
          log.atError()
              .addKeyValue("disk", id.disk())
              .addKeyValue("container", id.index())
              .setCause(e)
              .log("opening failed");
          notYet = "internal error: " + e;
        }
        Thread.sleep(context.settings().retryPause());
      }
    } catch (BlockIoException e) {
      stop(e);
      if (e.reason() == BlockIoException.Reason.FENCED) {
        onFenced.run();
      }
    } catch (InterruptedException e) {
      stop(Deadline.interrupted());
    }
  }

  private void openOnce() throws ContainerOpening.NotYet, BlockIoException {
    ContainerOpening attempt =
        new ContainerOpening(
            id, lease, policy, context.settings(), context.metadata(), context.replicas());
    ReplicatedLog made =
        new ReplicatedLog(
            id, lease.epoch(), policy, context.settings(), attempt.attempt(), onFenced);
    // The first record of the epoch on all, durable, before anything is acknowledged: from here on
    // the tail holds everything that a replica may lose.
    long mark = made.submit(List.of(LogRecord::epochMark));
    new MemberKeeper(
            made, context.metadata(), context.replicas(), lease.version(), context.metrics())
        .start();
    publish(made, mark);
  }

  private void publish(ReplicatedLog made, long mark) throws BlockIoException {
    synchronized (this) {
      BlockIoException why = stopped;
      if (why != null) {
        made.stop(why);
        throw why;
      }
      open = new Open(made, new InSyncReader(made, context.localNode(), context.metrics()));
    }
    CompletableFuture<Void> _ =
        made.reached(mark, true)
            .whenComplete((done, failure) -> {
              if (failure == null) {
                opened.complete(null);
              } else {
                opened.completeExceptionally(failure);
              }
            });
  }

  private Open requireOpen(Deadline deadline) throws BlockIoException {
    CompletableFuture<Void> opening = opened.isDone() ? opened : startOpening();
    BlockIoException failure =
        ReplicaCalls.await(
            opening, deadline, () -> "container " + id + " to open: " + waitingFor());
    if (failure != null) {
      throw failure;
    }
    Open now = open;
    if (now == null) {
      throw new IllegalStateException("container " + id + " is open without a log");
    }
    return now;
  }

  String waitingFor() {
    Open now = open;
    return now == null ? notYet : "first record" + now.log().troubles();
  }

  private synchronized @Nullable BlockIoException stopReason() {
    return stopped;
  }

  void stop(BlockIoException why) {
    Open now;
    synchronized (this) {
      if (stopped == null) {
        stopped = why;
      }
      now = open;
    }
    opened.completeExceptionally(why);
    if (now != null) {
      now.log().stop(why);
    }
  }

  // ---- reading

  /** Fills the buffer from this offset inside the container. */
  void read(long offset, ByteBuffer into, Deadline deadline) throws BlockIoException {
    Open now = requireOpen(deadline);
    BlockSpan span = BlockSpan.of(offset, into.remaining(), policy.blockSizeBytes());
    RangeLock.Claim claim = ranges.acquire(span.first(), span.count(), false, deadline);
    try {
      for (BlockSpan part : span.parts(LogRecord.MAX_DATA_BYTES / policy.blockSizeBytes())) {
        ByteBuffer blocks = readBlocks(now, part, deadline).data();
        part.copyOut(blocks, offset, into);
      }
    } finally {
      ranges.release(claim);
    }
  }

  /** What is stored of these blocks; data of what is absent everywhere reads as zero. */
  ReadReply look(BlockSpan span, Deadline deadline) throws BlockIoException {
    Open now = requireOpen(deadline);
    RangeLock.Claim claim = ranges.acquire(span.first(), span.count(), false, deadline);
    try {
      return readBlocks(now, span, deadline);
    } finally {
      ranges.release(claim);
    }
  }

  private ReadReply readBlocks(Open now, BlockSpan span, Deadline deadline)
      throws BlockIoException {
    ReadReply reply =
        now.reader()
            .read(
                new ReadRequest(
                    id,
                    lease.epoch(),
                    span.first(),
                    span.count(),
                    policy.blockSizeBytes(),
                    view.path(),
                    0),
                deadline);
    return view.origin().fill(id.index(), span, reply, deadline);
  }

  // ---- writing

  /** Writes the bytes; blocks that are only partly covered are read and merged. */
  void write(long offset, ByteBuffer from, boolean fua, Deadline deadline) throws BlockIoException {
    BlockSpan span = BlockSpan.of(offset, from.remaining(), policy.blockSizeBytes());
    change(
        span,
        fua,
        deadline,
        now -> {
          ByteBuffer blocks = covered(now, span, offset, from.remaining(), deadline);
          span.copyIn(from, offset, blocks);
          return dataDrafts(span, blocks);
        });
  }

  /** Makes the bytes zero; whole blocks without sending any data. */
  void zero(long offset, long length, boolean fua, Deadline deadline) throws BlockIoException {
    int size = policy.blockSizeBytes();
    BlockSpan span = BlockSpan.of(offset, length, size);
    BlockSpan whole = BlockSpan.inside(offset, length, size);
    change(
        span,
        fua,
        deadline,
        now -> {
          List<Draft> drafts = new ArrayList<>();
          int middle = whole.isEmpty() ? span.end() : whole.first();
          addZeroedEdge(
              now,
              drafts,
              new BlockSpan(span.first(), middle - span.first(), size),
              offset,
              length,
              deadline);
          for (BlockSpan part : whole.parts(LogRecord.MAX_BLOCKS)) {
            drafts.add((epoch, sequence) ->
                LogRecord.zero(epoch, sequence, part.first(), part.count(), view.version()));
          }
          int after = whole.isEmpty() ? span.end() : whole.end();
          addZeroedEdge(
              now,
              drafts,
              new BlockSpan(after, span.end() - after, size),
              offset,
              length,
              deadline);
          return drafts;
        });
  }

  private void addZeroedEdge(
      Open now, List<Draft> drafts, BlockSpan edge, long offset, long length, Deadline deadline)
      throws BlockIoException {
    if (edge.isEmpty()) {
      return;
    }
    long from = Math.max(offset, edge.firstByte());
    long to = Math.min(offset + length, edge.endByte());
    ByteBuffer blocks = covered(now, edge, from, to - from, deadline);
    edge.copyIn(ByteBuffer.allocate(Math.toIntExact(to - from)), from, blocks);
    drafts.addAll(dataDrafts(edge, blocks));
  }

  /** A buffer for the span's blocks that holds those bytes which the change does not cover. */
  private ByteBuffer covered(Open now, BlockSpan span, long offset, long length, Deadline deadline)
      throws BlockIoException {
    ByteBuffer blocks = ByteBuffer.allocate(Math.toIntExact(span.endByte() - span.firstByte()));
    boolean headMissing = offset > span.firstByte();
    boolean tailMissing = offset + length < span.endByte();
    if (headMissing) {
      blocks.put(0, readBlocks(now, span.block(0), deadline).data(), 0, policy.blockSizeBytes());
    }
    if (tailMissing && (span.count() > 1 || !headMissing)) {
      ByteBuffer last = readBlocks(now, span.block(span.count() - 1), deadline).data();
      int at = blocks.capacity() - policy.blockSizeBytes();
      blocks.put(at, last, 0, policy.blockSizeBytes());
    }
    return blocks;
  }

  private List<Draft> dataDrafts(BlockSpan span, ByteBuffer blocks) {
    List<Draft> drafts = new ArrayList<>();
    int size = policy.blockSizeBytes();
    for (BlockSpan part : span.parts(LogRecord.MAX_DATA_BYTES / size)) {
      ByteBuffer data = blocks.slice((part.first() - span.first()) * size, part.count() * size);
      drafts.add((epoch, sequence) ->
          LogRecord.data(epoch, sequence, part.first(), part.count(), view.version(), data));
    }
    return drafts;
  }

  private interface Change {
    List<Draft> drafts(Open now) throws BlockIoException;
  }

  private void change(BlockSpan span, boolean fua, Deadline deadline, Change change)
      throws BlockIoException {
    Open now = requireOpen(deadline);
    RangeLock.Claim claim = ranges.acquire(span.first(), span.count(), true, deadline);
    CompletableFuture<Void> acknowledged;
    long sequence;
    boolean submitted = false;
    try {
      List<Draft> drafts = change.drafts(now);
      now.log().awaitRoom(deadline);
      Lock gate = view.writing();
      gate.lock();
      try {
        sequence = now.log().submit(drafts);
      } finally {
        gate.unlock();
      }
      acknowledged = now.log().reached(sequence, false);
      // Held until the record is everywhere, even when this request gives up before: a read must
      // not see it on one replica and then miss it on another.
      CompletableFuture<Void> _ =
          acknowledged.whenComplete((done, failure) -> ranges.release(claim));
      submitted = true;
    } finally {
      if (!submitted) {
        ranges.release(claim);
      }
    }
    now.log().await(acknowledged, deadline);
    if (fua) {
      now.log().await(now.log().reached(sequence, true), deadline);
    }
  }

  /** Completes when everything acknowledged before is durable; at once when never used. */
  CompletableFuture<Void> flush() {
    synchronized (this) {
      if (!opening) {
        return CompletableFuture.completedFuture(null);
      }
    }
    return opened.thenCompose(done -> {
      ReplicatedLog now = openLog();
      return now == null
          ? CompletableFuture.completedFuture(null)
          : now.reached(now.acknowledgedSequence(), true);
    });
  }

  /** The log when it was opened, for health and barriers. */
  @Nullable ReplicatedLog openLog() {
    Open now = open;
    return now != null && opened.isDone() && !opened.isCompletedExceptionally() ? now.log() : null;
  }

  /** Waits for an opening that has begun. */
  void awaitOpening(Deadline deadline) throws BlockIoException {
    synchronized (this) {
      if (!opening) {
        return;
      }
    }
    Open now = requireOpen(deadline);
    now.log().requireRunning();
  }

  /** Waits until the log is durable up to the sequence; 0 stands for a container never opened. */
  void makeDurable(long sequence, Deadline deadline) throws BlockIoException {
    if (sequence > 0) {
      ReplicatedLog now = requireOpen(deadline).log();
      now.await(now.reached(sequence, true), deadline);
    }
  }

  /** Whether it is wanted and is not open: it could not be opened yet, or has stopped. */
  boolean isUnavailable() {
    synchronized (this) {
      if (!opening) {
        return false;
      }
    }
    return openLog() == null;
  }
}
