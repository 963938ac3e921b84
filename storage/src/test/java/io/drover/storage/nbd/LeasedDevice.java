package io.drover.storage.nbd;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.block.Extent;
import io.drover.storage.block.MemoryBlockDevice.Operation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What an attachment of a shared disk looks like to NBD, with a lease that tests hand from one to
 * the other.
 */
final class LeasedDevice implements BlockDevice {

  enum Standing {
    /** Reads; what changes data waits. */
    OBSERVER,
    HOLDER,
    /** Everything is durable, so a flush succeeds; what changes data is refused. */
    RELEASED,
    FENCED
  }

  private final BlockDevice shared;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock. */
  private Standing standing;

  private volatile Consumer<Operation> requests = operation -> {};

  LeasedDevice(BlockDevice shared, Standing standing) {
    this.shared = shared;
    this.standing = standing;
  }

  /** Tells of each request from now on, as the client sent it. */
  void record(Consumer<Operation> listener) {
    requests = listener;
  }

  void become(Standing next) {
    lock.lock();
    try {
      standing = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean fenced() {
    lock.lock();
    try {
      return standing == Standing.FENCED;
    } finally {
      lock.unlock();
    }
  }

  private void requireReadable() throws BlockIoException {
    lock.lock();
    try {
      refuseIfFenced();
    } finally {
      lock.unlock();
    }
  }

  private void requireHolder() throws BlockIoException {
    lock.lock();
    try {
      while (standing == Standing.OBSERVER) {
        changed.await();
      }
      refuseIfFenced();
      if (standing == Standing.RELEASED) {
        throw new BlockIoException(Reason.NOT_PERMITTED, "the lease was given up");
      }
    } catch (InterruptedException e) {
      throw new BlockIoException(Reason.SHUTDOWN, "interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private void refuseIfFenced() throws BlockIoException {
    if (standing == Standing.FENCED) {
      throw new BlockIoException(Reason.FENCED, "another holder has the lease");
    }
  }

  @Override
  public long sizeBytes() {
    return shared.sizeBytes();
  }

  @Override
  public int blockSizeBytes() {
    return shared.blockSizeBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws BlockIoException {
    requests.accept(Operation.READ);
    requireReadable();
    shared.read(offsetBytes, into);
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from, boolean fua) throws BlockIoException {
    requests.accept(Operation.WRITE);
    requireHolder();
    shared.write(offsetBytes, from, fua);
  }

  @Override
  public void flush() throws BlockIoException {
    requests.accept(Operation.FLUSH);
    lock.lock();
    try {
      if (standing == Standing.RELEASED) {
        return;
      }
    } finally {
      lock.unlock();
    }
    requireHolder();
    shared.flush();
  }

  @Override
  public void trim(long offsetBytes, long lengthBytes, boolean fua) throws BlockIoException {
    requests.accept(Operation.TRIM);
    requireHolder();
    shared.trim(offsetBytes, lengthBytes, fua);
  }

  @Override
  public void writeZeroes(long offsetBytes, long lengthBytes, boolean keepAllocated, boolean fua)
      throws BlockIoException {
    requests.accept(Operation.WRITE_ZEROES);
    requireHolder();
    shared.writeZeroes(offsetBytes, lengthBytes, keepAllocated, fua);
  }

  @Override
  public List<Extent> extents(long offsetBytes, long lengthBytes) throws BlockIoException {
    requests.accept(Operation.EXTENTS);
    requireReadable();
    return shared.extents(offsetBytes, lengthBytes);
  }
}
