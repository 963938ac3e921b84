package io.drover.daemon.demo.load;

import java.time.Duration;
import java.util.List;

/** Load over time as straight pieces; the last level stays. */
public record LoadShape(List<Piece> pieces) {

  /** Goes from one level to another within a time; no time at all is a jump. */
  public record Piece(Duration duration, int fromMillicores, int toMillicores) {
    public Piece {
      if (duration.isNegative() || fromMillicores < 0 || toMillicores < 0) {
        throw new IllegalArgumentException(
            "duration "
                + duration
                + ", from "
                + fromMillicores
                + " and to "
                + toMillicores
                + " must not be negative");
      }
    }
  }

  public LoadShape {
    pieces = List.copyOf(pieces);
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("pieces must not be empty");
    }
  }

  /** One level for ever. */
  public static LoadShape constant(int millicores) {
    return new LoadShape(List.of(new Piece(Duration.ZERO, millicores, millicores)));
  }

  /** A level, another for a while, and the first again. */
  public static LoadShape spike(int base, Duration before, List<Integer> peaks, Duration each) {
    List<Piece> pieces = new java.util.ArrayList<>();
    pieces.add(new Piece(before, base, base));
    peaks.forEach(peak -> pieces.add(new Piece(each, peak, peak)));
    pieces.add(new Piece(Duration.ZERO, base, base));
    return new LoadShape(pieces);
  }

  /** Level at a time since the start. */
  public int at(Duration elapsed) {
    Duration rest = elapsed;
    for (Piece piece : pieces) {
      if (rest.compareTo(piece.duration()) < 0) {
        double share = (double) rest.toMillis() / piece.duration().toMillis();
        return (int)
            Math.round(
                piece.fromMillicores() + share * (piece.toMillicores() - piece.fromMillicores()));
      }
      rest = rest.minus(piece.duration());
    }
    return pieces.getLast().toMillicores();
  }

  /** Highest level reached. */
  public int peak() {
    return pieces.stream()
        .mapToInt(p -> Math.max(p.fromMillicores(), p.toMillicores()))
        .max()
        .orElseThrow();
  }
}
