package io.drover.hostagent.power;

import io.drover.hostagent.process.DetachedProcess;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.settings.PowerSettings;
import io.drover.hostagent.settings.PowerSettings.ProcessHost;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches hosts that are node processes on this machine.
 *
 * <p>The process is found by its pid file and told from others by when it started. Off means that
 * this very process was seen gone.
 */
public final class ProcessPowerDriver implements PowerDriver {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.power");
  private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

  private final Map<String, ProcessHost> hosts;
  private final Duration offGrace;
  private final Duration onTimeout;
  private final Executor blocking;

  /**
   * A driver for the hosts in the settings.
   *
   * @param blocking runs what blocks; a virtual thread per task is right
   */
  public ProcessPowerDriver(PowerSettings settings, Executor blocking) {
    hosts =
        settings.hosts().stream()
            .collect(Collectors.toUnmodifiableMap(ProcessHost::host, Function.identity()));
    offGrace = settings.offGrace();
    onTimeout = settings.onTimeout();
    this.blocking = blocking;
  }

  @Override
  public CompletableFuture<Void> powerOn(String host) {
    return CompletableFuture.runAsync(() -> switchOn(require(host)), blocking);
  }

  @Override
  public CompletableFuture<Void> powerOff(String host) {
    return CompletableFuture.runAsync(() -> switchOff(require(host)), blocking);
  }

  @Override
  public PowerStatus status(String host) {
    ProcessHost known = hosts.get(host);
    if (known == null) {
      return PowerStatus.UNKNOWN;
    }
    try {
      return HostProcess.of(known.pidFile()).isPresent() ? PowerStatus.ON : PowerStatus.OFF;
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("node", host).log("whether it is on is not known: {}", e.toString());
      return PowerStatus.UNKNOWN;
    }
  }

  private void switchOn(ProcessHost host) {
    try {
      if (HostProcess.of(host.pidFile()).isPresent()) {
        return;
      }
      ProcessIdentity started =
          DetachedProcess.start(host.command(), host.directory(), Map.of(), host.logFile());
      LOG.atInfo()
          .addKeyValue("node", host.host())
          .addKeyValue("pid", started.pid())
          .log("powering on");
      awaitRunning(host, started);
    } catch (IOException e) {
      throw new PowerException(
          "host " + host.host() + " cannot be started by " + host.command() + ": " + e.getMessage(),
          e);
    }
  }

  /** The command may be a launcher whose child is the node: the pid file has the last word. */
  private void awaitRunning(ProcessHost host, ProcessIdentity started) throws IOException {
    long deadline = System.nanoTime() + onTimeout.toNanos();
    while (HostProcess.of(host.pidFile()).isEmpty()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        throw new PowerException(
            "host "
                + host.host()
                + " was not seen running within "
                + onTimeout.toMillis()
                + " ms; its command is "
                + (started.alive() ? "still running" : "gone")
                + ", see "
                + host.logFile());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private void switchOff(ProcessHost host) {
    try {
      Optional<ProcessIdentity> process = HostProcess.of(host.pidFile());
      if (process.isEmpty()) {
        return;
      }
      ProcessIdentity node = process.get();
      LOG.atInfo()
          .addKeyValue("node", host.host())
          .addKeyValue("pid", node.pid())
          .log("powering off");
      node.terminate();
      if (!node.awaitExit(offGrace)) {
        LOG.atWarn()
            .addKeyValue("node", host.host())
            .log("did not stop within {} ms, forcing it", offGrace.toMillis());
        node.kill();
      }
      if (!node.awaitExit(offGrace)) {
        throw new PowerException(
            "process " + node.pid() + " of host " + host.host() + " does not go away");
      }
    } catch (IOException e) {
      throw new PowerException(
          "host " + host.host() + " cannot be found: " + host.pidFile() + ": " + e.getMessage(), e);
    }
  }

  private ProcessHost require(String host) {
    ProcessHost known = hosts.get(host);
    if (known == null) {
      throw new PowerException(
          "host " + host + " is not in drover.agent.power.hosts, so it cannot be switched");
    }
    return known;
  }
}
