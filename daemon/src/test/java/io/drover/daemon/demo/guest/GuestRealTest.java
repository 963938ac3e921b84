package io.drover.daemon.demo.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.daemon.demo.collector.Collector;
import io.drover.daemon.demo.collector.CollectorLine;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
@Timeout(400)
class GuestRealTest {
  private static final int PAUSE_MILLIS = 2_000;
  private static final double MEASURED_SECONDS = 5;

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @Test
  void guestWorksVerifiesAndSurvivesPauseAndReset(@TempDir Path folder) throws Exception {
    try (Collector collector = Collector.open("127.0.0.1", 0, told::add);
        PipedOutputStream orders = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(orders)) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              collector.serve(input);
            } catch (Exception ended) {
              told.add(ended.toString());
            }
          });
      int port = await(CollectorLine.Ready.class, ready -> true).port();
      try (RealGuest guest = RealGuest.start("tester", port, folder)) {
        CollectorLine.Guest verified = guest(g -> g.verdict().blocksVerified() > 0);
        assertThat(verified.verdict().clean()).isTrue();
        assertThat(guest.console()).contains("drover-guest tester up", "drover-verdict vm=tester");

        double idle = demand(guest);
        order(orders, 600);
        guest(g -> g.loadMillicores() == 600);
        assertThat(demand(guest)).isGreaterThan(idle + 0.25);
        order(orders, 0);

        guest.order("stop");
        guest(g -> g.silentMillis() > PAUSE_MILLIS);
        guest.order("cont");
        await(CollectorLine.Silence.class, s -> s.millis() > PAUSE_MILLIS - 200);

        long round = guest(g -> g.verdict().blocksVerified() > 0).verdict().round();
        guest.order("system_reset");
        Verdict after =
            guest(g ->
                    g.lives() == 2
                        && g.verdictRound() > round
                        && g.verdict().blocksVerified() > verified.verdict().blocksVerified())
                .verdict();
        assertThat(after.clean()).isTrue();
      }
    }
  }

  private static double demand(RealGuest guest) throws Exception {
    double before = guest.demandSeconds();
    long started = System.nanoTime();
    // A rate takes a while to measure; nothing tells when it is exact enough.
    TimeUnit.MILLISECONDS.sleep((long) (MEASURED_SECONDS * 1_000));
    return (guest.demandSeconds() - before) / ((System.nanoTime() - started) / 1e9);
  }

  private static void order(PipedOutputStream orders, int millicores) throws Exception {
    String line = new CollectorLine.Loads(Map.of("tester", millicores)).toJson() + "\n";
    orders.write(line.getBytes(StandardCharsets.UTF_8));
    orders.flush();
  }

  private CollectorLine.Guest guest(Predicate<CollectorLine.Guest> condition) throws Exception {
    return await(CollectorLine.Guests.class, guests -> guests.guests().stream().anyMatch(condition))
        .guests()
        .getFirst();
  }

  private <T extends CollectorLine> T await(Class<T> type, Predicate<T> condition)
      throws Exception {
    while (true) {
      CollectorLine line =
          CollectorLine.parse(
              java.util.Objects.requireNonNull(
                  told.poll(60, TimeUnit.SECONDS), "the collector is silent"));
      if (type.isInstance(line) && condition.test(type.cast(line))) {
        return type.cast(line);
      }
    }
  }
}
