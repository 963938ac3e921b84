package io.drover.storage.store;

import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.EpochStart;
import java.util.ArrayList;
import java.util.List;

/** Where each epoch begins in a log. */
final class EpochTable {
  private final List<EpochStart> starts = new ArrayList<>();

  /** Notes a record; both numbers never fall. */
  void note(long epoch, long sequence) {
    if (starts.isEmpty() || starts.getLast().epoch() != epoch) {
      starts.add(new EpochStart(epoch, sequence));
    }
  }

  /** The epoch of a record of this log; 0 for sequence 0. */
  long epochOf(long sequence) {
    int low = 0;
    int high = starts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts.get(middle).firstSequence() <= sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : starts.get(low - 1).epoch();
  }

  boolean isStart(long sequence) {
    long epoch = epochOf(sequence);
    return epoch != 0 && epochOf(sequence - 1) != epoch;
  }

  void cutAfter(long sequence) {
    while (!starts.isEmpty() && starts.getLast().firstSequence() > sequence) {
      starts.removeLast();
    }
  }

  /** The newest ones, as many as are reported. */
  List<EpochStart> newest() {
    int from = Math.max(0, starts.size() - ContainerState.MAX_EPOCH_STARTS);
    return List.copyOf(starts.subList(from, starts.size()));
  }
}
