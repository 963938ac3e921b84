package io.drover.storage.replica;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** Waits for answers and reads them. */
final class Answers {
  private Answers() {}

  static ByteBuffer await(String nodeId, CompletableFuture<ByteBuffer> answer)
      throws ReplicaException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw failure(nodeId, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplicaException.Unreachable("node " + nodeId + ": interrupted", e);
    }
  }

  /** A failure of this call, with the stack of who made it. */
  private static ReplicaException failure(String nodeId, Throwable cause) {
    if (cause instanceof ReplicaException known) {
      return known;
    }
    return new ReplicaException.Unreachable("node " + nodeId + ": " + cause, cause);
  }

  static <T> T decode(String nodeId, ByteBuffer answer, Function<ByteBuffer, T> decoder)
      throws ReplicaException {
    try {
      return decoder.apply(answer);
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new ReplicaException.Unreachable("node " + nodeId + " sent a malformed answer", e);
    }
  }
}
