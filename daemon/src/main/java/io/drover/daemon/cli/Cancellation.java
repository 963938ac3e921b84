package io.drover.daemon.cli;

import io.drover.storage.transfer.TransferException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a command take back what it began when the process is told to end: only its long work is
 * interrupted, everything around runs to its end, and the process waits for that.
 */
final class Cancellation implements AutoCloseable {
  private static final Duration TO_CLEAN_UP = Duration.ofSeconds(30);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::cancel, "cancellation");

  /** Guarded by this. */
  private @Nullable Thread working;

  /** Guarded by this. */
  private boolean cancelled;

  private Cancellation() {}

  /** From here until {@link #close}, the end of the process waits for the calling thread. */
  static Cancellation begin() {
    Cancellation begun = new Cancellation();
    Runtime.getRuntime().addShutdownHook(begun.hook);
    return begun;
  }

  /** Work that may be interrupted. */
  interface Work {
    void run() throws TransferException, InterruptedException;
  }

  void interruptible(Work work) throws CliException {
    try {
      enter();
      work.run();
    } catch (TransferException failed) {
      throw CliException.of(failed);
    } catch (InterruptedException interrupted) {
      throw CliException.failed("cancelled", "");
    } finally {
      leave();
    }
  }

  private synchronized void enter() throws InterruptedException {
    if (cancelled) {
      throw new InterruptedException("cancelled before the work began");
    }
    working = Thread.currentThread();
  }

  private synchronized void leave() {
    working = null;
    // One that came too late must not hit what is done next.
    boolean late = Thread.interrupted();
    cancelled |= late;
  }

  private void cancel() {
    synchronized (this) {
      cancelled = true;
      if (working != null) {
        working.interrupt();
      }
    }
    try {
      if (!finished.await(TO_CLEAN_UP.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("drover: ended before everything was taken back");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    synchronized (this) {
      if (cancelled) {
        return;
      }
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return; // the process began to end just now; the hook finds everything finished
    }
  }
}
