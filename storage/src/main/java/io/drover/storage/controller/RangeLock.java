package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders overlapping I/O of one container: reads share a range, a write has it for itself, first
 * come first served.
 *
 * <p>A read therefore never sees a write that is only on some replicas, so no later read goes back,
 * and a read-modify-write is one step. Requests of a disk rarely overlap, and those under way are
 * few: a list is searched.
 */
final class RangeLock {
  /** Granted ones and those that wait, in order of arrival. */
  private final List<Claim> claims = new ArrayList<>();

  /** A range of blocks, to be given back exactly once. */
  static final class Claim {
    private final int first;
    private final int end;
    private final boolean exclusive;
    private boolean granted;

    private Claim(int first, int end, boolean exclusive) {
      this.first = first;
      this.end = end;
      this.exclusive = exclusive;
    }

    private boolean excludes(Claim other) {
      return (exclusive || other.exclusive) && first < other.end && other.first < end;
    }
  }

  /** Waits until nothing that overlaps is in the way. */
  synchronized Claim acquire(int firstBlock, int blocks, boolean exclusive, Deadline deadline)
      throws BlockIoException {
    Claim claim = new Claim(firstBlock, firstBlock + blocks, exclusive);
    claims.add(claim);
    grant();
    try {
      while (!claim.granted) {
        long nanos = deadline.remainingNanos();
        if (nanos <= 0) {
          release(claim);
          throw Deadline.missed("an earlier request for the same blocks");
        }
        wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
      }
      return claim;
    } catch (InterruptedException e) {
      release(claim);
      throw Deadline.interrupted();
    }
  }

  synchronized void release(Claim claim) {
    if (!claims.remove(claim)) {
      throw new IllegalStateException("the range was given back already");
    }
    grant();
  }

  private void grant() {
    boolean any = false;
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      if (!claim.granted && !blocked(i)) {
        claim.granted = true;
        any = true;
      }
    }
    if (any) {
      notifyAll();
    }
  }

  private boolean blocked(int index) {
    Claim claim = claims.get(index);
    for (int i = 0; i < index; i++) {
      if (claims.get(i).excludes(claim)) {
        return true;
      }
    }
    return false;
  }
}
