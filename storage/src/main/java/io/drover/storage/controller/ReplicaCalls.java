package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.replica.ReplicaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting for replicas: many at once, and never longer than allowed. */
final class ReplicaCalls {
  private ReplicaCalls() {}

  /** A blocking call to one node. */
  interface Call<T> {
    T on(String nodeId) throws ReplicaException;
  }

  /** What the nodes answered. */
  record Answers<T>(Map<String, T> answers, Map<String, ReplicaException> failures) {}

  /** Calls all nodes at once; those that have not answered in time count as unreachable. */
  static <T> Answers<T> onAll(Collection<String> nodes, Duration timeout, Call<T> call) {
    Map<String, CompletableFuture<T>> calls = new LinkedHashMap<>();
    for (String node : nodes) {
      CompletableFuture<T> future = new CompletableFuture<>();
      calls.put(node, future);
      Thread.ofVirtual()
          .name("replica-call-" + node)
          .start(() -> {
            try {
              future.complete(call.on(node));
            } catch (ReplicaException | RuntimeException e) {
              future.completeExceptionally(e);
            }
          });
    }
    Deadline deadline = Deadline.in(timeout);
    Map<String, T> answers = new LinkedHashMap<>();
    Map<String, ReplicaException> failures = new LinkedHashMap<>();
    calls.forEach((node, future) -> {
      try {
        answers.put(node, get(future, deadline, node));
      } catch (ReplicaException e) {
        failures.put(node, e);
      }
    });
    return new Answers<>(answers, failures);
  }

  /** Waits for all appends of a step of catching up. */
  static void all(List<CompletableFuture<Void>> appends, Duration timeout, String node)
      throws ReplicaException {
    Deadline deadline = Deadline.in(timeout);
    for (CompletableFuture<Void> append : new ArrayList<>(appends)) {
      get(append, deadline, node);
    }
  }

  private static <T> T get(CompletableFuture<T> future, Deadline deadline, String node)
      throws ReplicaException {
    try {
      return future.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unwrap(e);
    } catch (TimeoutException e) {
      throw new ReplicaException.Unreachable(node + " did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplicaException.Unreachable("interrupted while waiting for " + node, e);
    }
  }

  /**
   * The failure of a call; what is no {@link ReplicaException} is a fault in the client, and means
   * that nothing is known.
   */
  static ReplicaException unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ReplicaException known
        ? known
        : new ReplicaException.Unreachable("call failed: " + cause, cause);
  }

  /** Waits, and tells what went wrong, if anything did. */
  static @Nullable BlockIoException await(
      CompletableFuture<Void> future, Deadline deadline, Supplier<String> waitingFor) {
    try {
      future.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
      return null;
    } catch (TimeoutException e) {
      return Deadline.missed(waitingFor.get());
    } catch (ExecutionException e) {
      return e.getCause() instanceof BlockIoException io
          ? new BlockIoException(io.reason(), String.valueOf(io.getMessage()), io)
          : new BlockIoException(Reason.IO, "internal error: " + e.getCause(), e);
    } catch (InterruptedException e) {
      return Deadline.interrupted();
    }
  }
}
