package io.drover.hostagent.power;

import java.util.concurrent.CompletableFuture;

/** For machines whose power nobody here controls. */
public final class UnswitchedHosts implements PowerDriver {
  @Override
  public CompletableFuture<Void> powerOn(String host) {
    return refused(host);
  }

  @Override
  public CompletableFuture<Void> powerOff(String host) {
    return refused(host);
  }

  @Override
  public PowerStatus status(String host) {
    return PowerStatus.UNKNOWN;
  }

  private static CompletableFuture<Void> refused(String host) {
    return CompletableFuture.failedFuture(
        new PowerException(
            "host " + host + " cannot be switched: drover.agent.power.driver is none"));
  }
}
