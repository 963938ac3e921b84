package io.drover.daemon.demo.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.daemon.demo.guest.GuestLine;
import io.drover.daemon.demo.guest.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestBookTest {
  private final GuestBook book = new GuestBook();

  private Optional<CollectorLine.Silence> beat(long atMillis) {
    return book.heard("web", new GuestLine.Beat(1), atMillis, 1_000_000 + atMillis);
  }

  private void state(long round, long verified, long lost, long verdictRound) {
    book.heard(
        "web",
        new GuestLine.State(100, new Verdict(round, verified, lost, 0, 0), verdictRound),
        0,
        0);
  }

  private CollectorLine.Guest guest() {
    return book.report(0).guests().getFirst();
  }

  @Test
  void silenceIsToldWithoutTheUsualPause() {
    assertThat(beat(0)).isEmpty();
    assertThat(beat(110)).isEmpty();
    assertThat(beat(1_110)).contains(new CollectorLine.Silence("web", 1_001_110, 900));
  }

  @Test
  void shortPausesAreNoSilence() {
    beat(0);
    assertThat(beat(250)).isEmpty();
  }

  @Test
  void aNewLifeAddsToTheEarlierOnesAndIsToldItsRound() {
    book.connected("web");
    state(20, 500, 1, 18);
    book.disconnected("web");
    assertThat(book.connected("web")).isEqualTo(20);
    state(0, 0, 0, 0);
    assertThat(guest().lives()).isEqualTo(2);
    assertThat(guest().verdict().round()).isEqualTo(20);
    state(22, 128, 0, 21);
    assertThat(guest().verdict()).isEqualTo(new Verdict(22, 628, 1, 0, 0));
    assertThat(guest().verdictRound()).isEqualTo(21);
  }

  @Test
  void verdictIsAboutTheRoundsThatTheGuestSays() {
    book.connected("web");
    state(10, 40, 0, 6);
    assertThat(guest().verdictRound()).isEqualTo(6);
    state(14, 40, 0, 6);
    assertThat(guest().verdictRound()).isEqualTo(6);
    state(20, 120, 0, 14);
    assertThat(guest().verdictRound()).isEqualTo(14);
  }
}
