package io.drover.scheduler.exec;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Blocking code under the simulation's control: it runs only while the simulation waits for it, and
 * stands still wherever it asks the world for something.
 */
final class Fiber {
  private static final ThreadLocal<@Nullable Fiber> CURRENT = new ThreadLocal<>();

  private final Semaphore go = new Semaphore(0);
  private final Semaphore back = new Semaphore(0);
  private final Incarnation owner;
  private boolean ended;

  /** A process of the simulated world, which may die. */
  static final class Incarnation {
    final String name;
    boolean dead;

    Incarnation(String name) {
      this.name = name;
    }
  }

  /** Unwinds the code of a process that died. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1L;

    Died(String who) {
      super(who + " died", null, false, false);
    }
  }

  /** Made ready; nothing runs before the first {@link #step}. */
  Fiber(Incarnation owner, Runnable body) {
    this.owner = owner;
    Thread.ofVirtual()
        .start(() -> {
          go.acquireUninterruptibly();
          CURRENT.set(this);
          try {
            if (!owner.dead) {
              body.run();
            }
          } catch (Died died) {
            // What it would have done is lost with it.
          } finally {
            ended = true;
            back.release();
          }
        });
  }

  static @Nullable Fiber current() {
    return CURRENT.get();
  }

  Incarnation owner() {
    return owner;
  }

  /** Lets it run until it stands still or ends; whether it has ended. */
  boolean step() {
    go.release();
    back.acquireUninterruptibly();
    return ended;
  }

  /** Called by the code itself: stands still until the simulation goes on with it. */
  void stand() {
    back.release();
    go.acquireUninterruptibly();
    if (owner.dead) {
      throw new Died(owner.name);
    }
  }
}
