package io.drover.storage.controller;

import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.Durable;
import io.drover.storage.replica.InMemoryReplica;
import io.drover.storage.replica.LogChunk;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * A replica that carries out appends late, as a store with a queue may; everything else overtakes
 * them.
 */
final class SlowAppends implements ReplicaService {
  private final InMemoryReplica replica;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean slow;

  SlowAppends(InMemoryReplica replica) {
    this.replica = replica;
  }

  synchronized void slow() {
    slow = true;
  }

  synchronized void carryOut() {
    slow = false;
    waiting.forEach(Runnable::run);
    waiting.clear();
  }

  synchronized int waiting() {
    return waiting.size();
  }

  @Override
  public synchronized CompletableFuture<Void> append(AppendRequest request) {
    if (!slow) {
      return replica.append(request);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.add(() -> {
      CompletableFuture<Void> _ =
          replica
              .append(request)
              .whenComplete((_, failure) -> {
                if (failure == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(failure);
                }
              });
    });
    return done;
  }

  @Override
  public ContainerState fence(ContainerId container, long epoch, boolean create)
      throws ReplicaException {
    return replica.fence(container, epoch, create);
  }

  @Override
  public Durable flush(ContainerId container, long epoch, long sequence) throws ReplicaException {
    return replica.flush(container, epoch, sequence);
  }

  @Override
  public ReadReply read(ReadRequest request) throws ReplicaException {
    return replica.read(request);
  }

  @Override
  public LogChunk fetch(ContainerId container, long epoch, LogPosition after, int maxBytes)
      throws ReplicaException {
    return replica.fetch(container, epoch, after, maxBytes);
  }

  @Override
  public void truncate(ContainerId container, long epoch, LogPosition last)
      throws ReplicaException {
    replica.truncate(container, epoch, last);
  }

  @Override
  public void repair(
      ContainerId container, long epoch, int block, int version, long sequence, ByteBuffer data)
      throws ReplicaException {
    replica.repair(container, epoch, block, version, sequence, data);
  }

  @Override
  public void delete(ContainerId container, long epoch) throws ReplicaException {
    replica.delete(container, epoch);
  }

  @Override
  public void close() {
    replica.close();
  }
}
