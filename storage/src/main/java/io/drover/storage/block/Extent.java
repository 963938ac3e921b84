package io.drover.storage.block;

/**
 * A run of bytes of one kind.
 *
 * @param lengthBytes at least 1
 * @param hole nothing is stored for it
 * @param zero it reads as zero
 */
public record Extent(long lengthBytes, boolean hole, boolean zero) {
  public Extent {
    if (lengthBytes < 1) {
      throw new IllegalArgumentException("lengthBytes is " + lengthBytes + ", must be at least 1");
    }
  }

  /** Stored bytes of unknown content. */
  public static Extent data(long lengthBytes) {
    return new Extent(lengthBytes, false, false);
  }

  /** Never written, or given back: stores nothing and reads as zero. */
  public static Extent hole(long lengthBytes) {
    return new Extent(lengthBytes, true, true);
  }

  /** Whether the two differ in length only. */
  public boolean sameKindAs(Extent other) {
    return hole == other.hole && zero == other.zero;
  }
}
