package io.drover.hostagent.power;

import java.util.concurrent.CompletableFuture;

/**
 * Switches hosts. Calls return at once; the futures fail with {@link PowerException}. Both
 * directions are idempotent.
 */
public interface PowerDriver {

  /** Completes when the host is seen running; its agent may take longer to report. */
  CompletableFuture<Void> powerOn(String host);

  /** Completes when the host is seen gone. The caller has made sure that it is empty. */
  CompletableFuture<Void> powerOff(String host);

  PowerStatus status(String host);
}
