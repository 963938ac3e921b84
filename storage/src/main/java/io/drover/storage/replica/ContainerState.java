package io.drover.storage.replica;

import java.util.List;

/**
 * What a replica holds of a container.
 *
 * @param last position of the last record
 * @param durableSequence everything up to it survives a loss of power under this boot id
 * @param bootId identity of the machine's current boot; another one means that what was not durable
 *     may be gone
 * @param epochStarts ascending; where each epoch begins in this log (the newest {@value
 *     #MAX_EPOCH_STARTS})
 * @param damagedSequence first record before the flush mark that cannot be read, 0 when there is
 *     none. Such a replica refuses reads and fetches: cut it to just before the damage and bring it
 *     up from a peer
 */
public record ContainerState(
    Presence presence,
    LogPosition last,
    long durableSequence,
    String bootId,
    List<EpochStart> epochStarts,
    long damagedSequence) {

  /** Most epoch starts that a replica reports. */
  public static final int MAX_EPOCH_STARTS = 512;

  /**
   * Whether the replica knows the container at all; an emptied pool is unknown, not a log of length
   * 0.
   */
  public enum Presence {
    ABSENT,
    PRESENT
  }

  public ContainerState {
    epochStarts = List.copyOf(epochStarts);
  }

  public static ContainerState absent(String bootId) {
    return new ContainerState(Presence.ABSENT, LogPosition.EMPTY, 0, bootId, List.of(), 0);
  }

  /**
   * The last position that this log and the other have in common, by comparing where their epochs
   * begin and end; what the other has beyond it diverges. EMPTY when nothing is in common, or when
   * it lies before what both report.
   */
  public LogPosition commonWith(ContainerState other) {
    int mine = epochStarts.size() - 1;
    int theirs = other.epochStarts.size() - 1;
    while (mine >= 0 && theirs >= 0) {
      EpochStart a = epochStarts.get(mine);
      EpochStart b = other.epochStarts.get(theirs);
      if (a.epoch() > b.epoch()) {
        mine--;
      } else if (b.epoch() > a.epoch()) {
        theirs--;
      } else {
        return new LogPosition(a.epoch(), Math.min(endOf(mine), other.endOf(theirs)));
      }
    }
    return LogPosition.EMPTY;
  }

  private long endOf(int index) {
    return index + 1 < epochStarts.size()
        ? epochStarts.get(index + 1).firstSequence() - 1
        : last.sequence();
  }
}
