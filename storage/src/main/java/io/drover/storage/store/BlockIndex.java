package io.drover.storage.store;

import java.util.Arrays;

/**
 * Which record wrote a block last, per version of the disk.
 *
 * <p>Each block has a chain of (version, sequence), the highest version first. A version appears
 * once: only its newest record can ever be read. Flat arrays, since a container has some hundred
 * thousand of them. Sequences must be put in ascending order.
 */
final class BlockIndex {
  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int[] NO_PAGE = {};

  /** Per block the first entry of its chain plus 1, or 0. */
  private int[][] heads = {};

  private int[] versions = new int[64];
  private long[] sequences = new long[64];

  /** The next entry of the chain plus 1, or 0. */
  private int[] nexts = new int[64];

  private int entries;

  /** Enters a block; answers with the sequence it replaces, 0 when the version had none. */
  long put(int block, int version, long sequence) {
    int[] page = page(block >>> PAGE_BITS);
    int slot = block & (PAGE - 1);
    int before = 0;
    int at = page[slot];
    while (at != 0 && versions[at - 1] > version) {
      before = at;
      at = nexts[at - 1];
    }
    if (at != 0 && versions[at - 1] == version) {
      long replaced = sequences[at - 1];
      sequences[at - 1] = sequence;
      return replaced;
    }
    int added = add(version, sequence, at);
    if (before == 0) {
      page[slot] = added;
    } else {
      nexts[before - 1] = added;
    }
    return 0;
  }

  /**
   * The sequence of the record in which a block is seen.
   *
   * @param path versions, strictly descending
   * @return 0 when the block was written in none of them
   */
  long find(int block, int[] path) {
    int number = block >>> PAGE_BITS;
    if (number >= heads.length || heads[number].length == 0) {
      return 0;
    }
    int from = 0;
    int at = heads[number][block & (PAGE - 1)];
    while (at != 0 && from < path.length) {
      int version = versions[at - 1];
      from = firstNotAbove(path, from, version);
      if (from < path.length && path[from] == version) {
        return sequences[at - 1];
      }
      at = nexts[at - 1];
    }
    return 0;
  }

  /** Number of (block, version) pairs. */
  int size() {
    return entries;
  }

  void clear() {
    heads = new int[0][];
    entries = 0;
  }

  private static int firstNotAbove(int[] descending, int from, int version) {
    int low = from;
    int high = descending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (descending[middle] > version) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int[] page(int number) {
    if (number >= heads.length) {
      int known = heads.length;
      heads = Arrays.copyOf(heads, Math.max(number + 1, known + (known >> 1)));
      Arrays.fill(heads, known, heads.length, NO_PAGE);
    }
    if (heads[number].length == 0) {
      heads[number] = new int[PAGE];
    }
    return heads[number];
  }

  private int add(int version, long sequence, int next) {
    if (entries == versions.length) {
      int larger = entries + (entries >> 1);
      versions = Arrays.copyOf(versions, larger);
      sequences = Arrays.copyOf(sequences, larger);
      nexts = Arrays.copyOf(nexts, larger);
    }
    versions[entries] = version;
    sequences[entries] = sequence;
    nexts[entries] = next;
    entries++;
    return entries;
  }
}
