package io.drover.storage.block;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A block device in memory that keeps the contract, holes included, and fails on request.
 *
 * <p>It is sparse, so large sizes cost nothing until written. {@link #failNextWith} and {@link
 * #intercept} inject faults and delays.
 */
public final class MemoryBlockDevice implements BlockDevice {

  /** What a request is, told to the interceptor before the device acts. */
  public enum Operation {
    READ,
    WRITE,
    FLUSH,
    TRIM,
    WRITE_ZEROES,
    EXTENTS
  }

  /** Runs on the caller's thread before a request; may block, may throw in the device's place. */
  @FunctionalInterface
  public interface Interceptor {
    void before(Operation operation, long offsetBytes, long lengthBytes) throws BlockIoException;
  }

  private static final int BLOCK = 4096;

  /** Guarded by this; a missing block is a hole. */
  private final TreeMap<Long, byte[]> blocks = new TreeMap<>();

  private final AtomicLong flushes = new AtomicLong();
  private final AtomicLong fuaWrites = new AtomicLong();
  private final AtomicLong trims = new AtomicLong();
  private volatile long sizeBytes;
  private volatile BlockIoException.@Nullable Reason failNext;
  private volatile Interceptor interceptor = (operation, offset, length) -> {};

  public MemoryBlockDevice(long sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  public void grow(long newSizeBytes) {
    sizeBytes = newSizeBytes;
  }

  public void intercept(Interceptor hook) {
    interceptor = hook;
  }

  /** The next request of any kind fails so, and only that one. */
  public void failNextWith(BlockIoException.Reason reason) {
    failNext = reason;
  }

  public long flushes() {
    return flushes.get();
  }

  public long fuaWrites() {
    return fuaWrites.get();
  }

  public long trims() {
    return trims.get();
  }

  public synchronized int allocatedBlocks() {
    return blocks.size();
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int blockSizeBytes() {
    return BLOCK;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws BlockIoException {
    before(Operation.READ, offsetBytes, into.remaining());
    synchronized (this) {
      long at = offsetBytes;
      while (into.hasRemaining()) {
        int within = (int) (at % BLOCK);
        int step = Math.min(BLOCK - within, into.remaining());
        byte[] block = blocks.get(at / BLOCK);
        into.put(block == null ? new byte[BLOCK] : block, within, step);
        at += step;
      }
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from, boolean fua) throws BlockIoException {
    before(Operation.WRITE, offsetBytes, from.remaining());
    synchronized (this) {
      long at = offsetBytes;
      while (from.hasRemaining()) {
        int within = (int) (at % BLOCK);
        int step = Math.min(BLOCK - within, from.remaining());
        from.get(blocks.computeIfAbsent(at / BLOCK, index -> new byte[BLOCK]), within, step);
        at += step;
      }
    }
    if (fua) {
      fuaWrites.incrementAndGet();
    }
  }

  @Override
  public void flush() throws BlockIoException {
    before(Operation.FLUSH, 0, 0);
    flushes.incrementAndGet();
  }

  @Override
  public void trim(long offsetBytes, long lengthBytes, boolean fua) throws BlockIoException {
    before(Operation.TRIM, offsetBytes, lengthBytes);
    zero(offsetBytes, lengthBytes, false);
    trims.incrementAndGet();
  }

  @Override
  public void writeZeroes(long offsetBytes, long lengthBytes, boolean keepAllocated, boolean fua)
      throws BlockIoException {
    before(Operation.WRITE_ZEROES, offsetBytes, lengthBytes);
    zero(offsetBytes, lengthBytes, keepAllocated);
    if (fua) {
      fuaWrites.incrementAndGet();
    }
  }

  @Override
  public List<Extent> extents(long offsetBytes, long lengthBytes) throws BlockIoException {
    before(Operation.EXTENTS, offsetBytes, lengthBytes);
    List<Extent> found = new ArrayList<>();
    long end = offsetBytes + lengthBytes;
    synchronized (this) {
      for (long at = offsetBytes; at < end; ) {
        long index = at / BLOCK;
        boolean data = blocks.containsKey(index);
        Long next = data ? Long.valueOf(index + 1) : blocks.ceilingKey(index);
        long stop = next == null ? end : Math.min(end, next * BLOCK);
        Extent piece = data ? Extent.data(stop - at) : Extent.hole(stop - at);
        if (!found.isEmpty() && found.getLast().sameKindAs(piece)) {
          long joined = found.removeLast().lengthBytes() + piece.lengthBytes();
          piece = new Extent(joined, piece.hole(), piece.zero());
        }
        found.add(piece);
        at = stop;
      }
    }
    return found;
  }

  private void before(Operation operation, long offsetBytes, long lengthBytes)
      throws BlockIoException {
    interceptor.before(operation, offsetBytes, lengthBytes);
    BlockIoException.Reason reason = failNext;
    if (reason != null) {
      failNext = null;
      throw new BlockIoException(reason, "injected " + reason);
    }
    BlockIoException.requireInside(offsetBytes, lengthBytes, sizeBytes);
  }

  private synchronized void zero(long offsetBytes, long lengthBytes, boolean keepAllocated) {
    long end = offsetBytes + lengthBytes;
    if (!keepAllocated) {
      long firstWhole = (offsetBytes + BLOCK - 1) / BLOCK;
      long lastWhole = end / BLOCK;
      if (firstWhole < lastWhole) {
        blocks.subMap(firstWhole, lastWhole).clear();
      }
    }
    for (long at = offsetBytes; at < end; ) {
      int within = (int) (at % BLOCK);
      int step = (int) Math.min(BLOCK - within, end - at);
      byte[] block = blocks.get(at / BLOCK);
      if (block == null && keepAllocated) {
        block = new byte[BLOCK];
        blocks.put(at / BLOCK, block);
      }
      if (block != null) {
        Arrays.fill(block, within, within + step, (byte) 0);
      }
      at = block == null ? nextStored(at, end) : at + step;
    }
  }

  private long nextStored(long at, long end) {
    Long next = blocks.higherKey(at / BLOCK);
    return next == null ? end : Math.min(end, next * BLOCK);
  }
}
