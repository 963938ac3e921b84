package io.drover.daemon.demo.collector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CollectorTest {

  @Test
  void guestIsToldItsLoadAndHeard() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    PipedOutputStream orders = new PipedOutputStream();
    PipedInputStream input = new PipedInputStream(orders);
    try (Collector collector = Collector.open("127.0.0.1", 0, told::add)) {
      CollectorLine.Ready ready = next(told, CollectorLine.Ready.class);
      Thread serving =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  collector.serve(input);
                } catch (Exception ended) {
                  told.add(ended.toString());
                }
              });
      send(orders, new CollectorLine.Loads(Map.of("web", 150)));
      try (Socket guest = new Socket(InetAddress.getLoopbackAddress(), ready.port());
          BufferedReader answers =
              new BufferedReader(new InputStreamReader(guest.getInputStream(), US_ASCII))) {
        say(guest, "hello web\nbeat 1\nstate 150 12 80 0 0 0 10\nnonsense\n");
        assertThat(answers.readLine()).isEqualTo("acknowledged 0");
        // The order and the greeting cross; whichever comes later brings the load.
        assertThat(answers.readLine()).isEqualTo("load 150");
        send(orders, new CollectorLine.Loads(Map.of("web", 90)));
        String line = answers.readLine();
        assertThat(line.equals("load 150") ? answers.readLine() : line).isEqualTo("load 90");
        CollectorLine.Guest heard = guest(told);
        assertThat(heard.verdict().blocksVerified()).isEqualTo(80);
        assertThat(heard.connected()).isTrue();
      }
      try (Socket again = new Socket(InetAddress.getLoopbackAddress(), ready.port());
          BufferedReader answers =
              new BufferedReader(new InputStreamReader(again.getInputStream(), US_ASCII))) {
        say(again, "hello web\n");
        assertThat(answers.readLine()).isEqualTo("acknowledged 12");
        assertThat(answers.readLine()).isEqualTo("load 90");
      }
      orders.close();
      serving.join();
    }
  }

  private static void say(Socket guest, String text) throws Exception {
    guest.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static void send(PipedOutputStream orders, CollectorLine line) throws Exception {
    orders.write((line.toJson() + "\n").getBytes(US_ASCII));
    orders.flush();
  }

  private static CollectorLine.Guest guest(BlockingQueue<String> told) throws Exception {
    while (true) {
      CollectorLine.Guests guests = next(told, CollectorLine.Guests.class);
      if (!guests.guests().isEmpty() && guests.guests().getFirst().verdict().blocksVerified() > 0) {
        return guests.guests().getFirst();
      }
    }
  }

  private static <T extends CollectorLine> T next(BlockingQueue<String> told, Class<T> type)
      throws Exception {
    while (true) {
      String line = told.poll(30, TimeUnit.SECONDS);
      assertThat(line).isNotNull();
      CollectorLine parsed = CollectorLine.parse(String.valueOf(line));
      if (type.isInstance(parsed)) {
        return type.cast(parsed);
      }
    }
  }
}
