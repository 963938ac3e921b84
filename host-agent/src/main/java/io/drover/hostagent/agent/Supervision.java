package io.drover.hostagent.agent;

import io.drover.hostagent.vm.VmId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Looks after the machines of a host for as long as its process lives: takes over what an earlier
 * process left running, then checks every machine every so often and after events.
 *
 * <p>It belongs to no actor system. A node that the others have taken out of the cluster has none
 * for as long as it cannot come back, and just then its machines may have been given to other
 * hosts: the copies that are here must be ended all the same.
 */
public final class Supervision implements AutoCloseable {
  private final String node;
  private final AgentCore core;
  private final Duration interval;
  private final Semaphore wanted = new Semaphore(0);
  private final Set<VmId> underWay = ConcurrentHashMap.newKeySet();
  private final Thread loop;

  private Supervision(String node, AgentCore core, Duration interval) {
    this.node = node;
    this.core = core;
    this.interval = interval;
    this.loop = Thread.ofVirtual().name("supervision").unstarted(this::supervise);
  }

  /** Starts it; returns at once. */
  public static Supervision start(String node, AgentCore core, Duration interval) {
    Supervision supervision = new Supervision(node, core, interval);
    core.onChange(supervision.wanted::release);
    supervision.loop.start();
    return supervision;
  }

  private void supervise() {
    try {
      while (true) {
        look();
        boolean soon = wanted.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS);
        if (soon) {
          wanted.drainPermits();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      core.adopt();
    } catch (RuntimeException later) {
      AgentLog.nodeTrouble(node, "cannot adopt machines yet", later);
      return;
    }
    for (VmId vm : core.vms()) {
      // One that waits for its turn, or for ZooKeeper, holds up no other.
      if (underWay.add(vm)) {
        Thread.ofVirtual().name("check-" + vm).start(() -> check(vm));
      }
    }
  }

  private void check(VmId vm) {
    try {
      core.check(vm);
    } catch (RuntimeException broken) {
      AgentLog.trouble(node, vm, "a check of it broke", broken);
    } finally {
      underWay.remove(vm);
    }
  }

  /** Ends the checks; machines run on. */
  @Override
  public void close() {
    loop.interrupt();
    try {
      loop.join();
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }
}
