package io.drover.storage.attach;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.block.Extent;
import io.drover.storage.controller.DiskController;
import io.drover.storage.controller.DiskObserver;
import io.drover.storage.disk.Disk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * The device that front ends see for as long as a disk is attached; what is behind it changes with
 * the lease.
 */
final class AttachmentDevice implements BlockDevice {
  /** What is behind the device now. */
  sealed interface Behind {
    /** Reads are served; writes and flushes wait for the lease. */
    record Observing(DiskObserver observer) implements Behind {}

    /** Everything is served. */
    record Holding(DiskController controller) implements Behind {}

    /** The lease is being given up: what comes waits for the outcome. */
    record Leaving(DiskController controller) implements Behind {}

    /** Everything is durable: a late flush succeeds, writes are refused. */
    record Released(DiskObserver observer) implements Behind {}

    /** Another holder owns the disk. */
    record Lost() implements Behind {}

    /** The attachment has ended. */
    record Closed() implements Behind {}
  }

  private final Duration ioTimeout;
  private final int blockSizeBytes;
  private Behind behind;
  private int inController;
  private int waiting;
  private volatile Disk disk;

  AttachmentDevice(Disk disk, Duration ioTimeout, Behind first) {
    this.disk = disk;
    this.blockSizeBytes = disk.policy().blockSizeBytes();
    this.ioTimeout = ioTimeout;
    this.behind = first;
  }

  synchronized Behind behind() {
    return behind;
  }

  synchronized void become(Behind next) {
    behind = next;
    notifyAll();
  }

  /** Changes only from what the caller believes; tells whether it did. */
  synchronized boolean become(Behind expected, Behind next) {
    if (!behind.equals(expected)) {
      return false;
    }
    become(next);
    return true;
  }

  /** Requests that wait for the lease. */
  synchronized int waiting() {
    return waiting;
  }

  /** Waits until no request is in the controller; false when the time is over. */
  synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (inController > 0) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  void know(Disk now) {
    disk = now;
  }

  Disk disk() {
    return switch (behind()) {
      case Behind.Holding holding -> holding.controller().disk();
      case Behind.Leaving leaving -> leaving.controller().disk();
      case Behind.Observing observing -> observing.observer().disk();
      case Behind.Released released -> released.observer().disk();
      case Behind.Lost _, Behind.Closed _ -> disk;
    };
  }

  @Override
  public long sizeBytes() {
    return disk().sizeBytes();
  }

  @Override
  public int blockSizeBytes() {
    return blockSizeBytes;
  }

  private interface Use<T, R> {
    R of(T behind) throws BlockIoException;
  }

  /** A request that needs the lease; {@code released} is what it gets after a clean release. */
  private <R> R asHolder(Use<DiskController, R> use, Use<Behind, R> released)
      throws BlockIoException {
    DiskController controller;
    synchronized (this) {
      awaitWhile(() -> behind instanceof Behind.Observing || behind instanceof Behind.Leaving);
      switch (behind) {
        case Behind.Holding holding -> controller = holding.controller();
        case Behind.Released now -> {
          return released.of(now);
        }
        case Behind.Lost _ -> throw lost();
        case Behind.Closed _ -> throw closed();
        case Behind.Observing _, Behind.Leaving _ -> throw new IllegalStateException("waited for");
      }
      inController++;
    }
    return inController(controller, use);
  }

  private <R> R asReader(Use<DiskController, R> use, Use<DiskObserver, R> otherwise)
      throws BlockIoException {
    DiskController controller = null;
    DiskObserver observer = null;
    synchronized (this) {
      awaitWhile(() -> behind instanceof Behind.Leaving);
      switch (behind) {
        case Behind.Holding holding -> {
          controller = holding.controller();
          inController++;
        }
        case Behind.Observing observing -> observer = observing.observer();
        case Behind.Released released -> observer = released.observer();
        case Behind.Lost _ -> throw lost();
        case Behind.Closed _ -> throw closed();
        case Behind.Leaving _ -> throw new IllegalStateException("waited for");
      }
    }
    if (controller != null) {
      return inController(controller, use);
    }
    if (observer == null) {
      throw new IllegalStateException("neither holder nor observer");
    }
    return otherwise.of(observer);
  }

  private <R> R inController(DiskController controller, Use<DiskController, R> use)
      throws BlockIoException {
    try {
      return use.of(controller);
    } finally {
      synchronized (this) {
        inController--;
        notifyAll();
      }
    }
  }

  private interface Condition {
    boolean holds();
  }

  private synchronized void awaitWhile(Condition condition) throws BlockIoException {
    long end = System.nanoTime() + ioTimeout.toNanos();
    waiting++;
    try {
      while (condition.holds()) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          throw new BlockIoException(
              Reason.IO, "gave up waiting for the lease of disk " + disk.id());
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlockIoException(Reason.SHUTDOWN, "interrupted", e);
    } finally {
      waiting--;
    }
  }

  private BlockIoException lost() {
    return new BlockIoException(Reason.FENCED, "disk " + disk.id() + " has another holder");
  }

  private BlockIoException closed() {
    return new BlockIoException(Reason.SHUTDOWN, "disk " + disk.id() + " is detached");
  }

  private BlockIoException released() {
    return new BlockIoException(
        Reason.NOT_PERMITTED, "the lease of disk " + disk.id() + " was given up here");
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws BlockIoException {
    this.<Boolean>asReader(
        controller -> {
          controller.read(offsetBytes, into);
          return true;
        },
        observer -> {
          observer.read(offsetBytes, into);
          return true;
        });
  }

  private interface Action {
    void on(DiskController controller) throws BlockIoException;
  }

  private void change(Action action) throws BlockIoException {
    this.<Boolean>asHolder(
        controller -> {
          action.on(controller);
          return true;
        },
        _ -> {
          throw released();
        });
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from, boolean fua) throws BlockIoException {
    change(controller -> controller.write(offsetBytes, from, fua));
  }

  @Override
  public void flush() throws BlockIoException {
    this.<Boolean>asHolder(
        controller -> {
          controller.flush();
          return true;
        },
        _ -> true);
  }

  @Override
  public void trim(long offsetBytes, long lengthBytes, boolean fua) throws BlockIoException {
    change(controller -> controller.trim(offsetBytes, lengthBytes, fua));
  }

  @Override
  public void writeZeroes(long offsetBytes, long lengthBytes, boolean keepAllocated, boolean fua)
      throws BlockIoException {
    change(controller -> controller.writeZeroes(offsetBytes, lengthBytes, keepAllocated, fua));
  }

  @Override
  public List<Extent> extents(long offsetBytes, long lengthBytes) throws BlockIoException {
    return asReader(
        controller -> controller.extents(offsetBytes, lengthBytes),
        observer -> observer.extents(offsetBytes, lengthBytes));
  }

  @Override
  public boolean fenced() {
    return behind() instanceof Behind.Lost;
  }
}
