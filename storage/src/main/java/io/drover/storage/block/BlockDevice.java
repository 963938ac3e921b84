package io.drover.storage.block;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A virtual disk as a front end sees it: bytes by offset, with durability on request.
 *
 * <p>Every call blocks until its outcome is known, so callers use virtual threads and send many
 * calls at once; implementations are thread-safe and order overlapping calls as they please.
 * Offsets and lengths may be any byte inside the disk; a range that leaves the disk is {@link
 * BlockIoException.Reason#INVALID}. The unit of efficient I/O is {@link #blockSizeBytes()}.
 *
 * <p>Durability follows the usual rule of disks: a completed write is visible to every later read,
 * and is durable once a {@link #flush()} that began after its completion has returned, or at once
 * when it carried {@code fua}.
 */
public interface BlockDevice {

  /** The size now; it may grow while the device is open, and never shrinks. */
  long sizeBytes();

  /** A power of two; I/O aligned to it is never turned into read-modify-write. */
  int blockSizeBytes();

  /**
   * Fills {@code into} from its position to its limit. What was never written reads as zero. After
   * a failure the buffer's content and position are undefined.
   */
  void read(long offsetBytes, ByteBuffer into) throws BlockIoException;

  /**
   * Writes what remains of {@code from}. The device keeps no reference to the buffer after it
   * returns. After a failure each block of the range holds its old or its new content.
   */
  void write(long offsetBytes, ByteBuffer from, boolean fua) throws BlockIoException;

  /** Returns when every write completed before this call is durable on all that must hold it. */
  void flush() throws BlockIoException;

  /**
   * Gives the range back; it reads as zero afterwards. Whether space is freed is the device's
   * choice.
   */
  void trim(long offsetBytes, long lengthBytes, boolean fua) throws BlockIoException;

  /**
   * Makes the range read as zero.
   *
   * @param keepAllocated the caller means to write here again and wants no hole
   */
  void writeZeroes(long offsetBytes, long lengthBytes, boolean keepAllocated, boolean fua)
      throws BlockIoException;

  /**
   * What is known of the range without reading it, in order and without gaps: the lengths add up to
   * at most {@code lengthBytes} and to at least one byte of it; a device may stop early when the
   * answer grows long, and callers ask again from there. "Data" is always a correct answer.
   */
  List<Extent> extents(long offsetBytes, long lengthBytes) throws BlockIoException;

  /**
   * Whether every request would end as {@link BlockIoException.Reason#FENCED} now. A front end
   * turns clients away for as long: one that could connect, only to be disconnected by its first
   * request, would come back for ever instead of giving up.
   */
  default boolean fenced() {
    return false;
  }
}
