package io.drover.daemon.demo.collector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.drover.daemon.demo.guest.GuestLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collector's server: one connection per guest, and the demo at its standard input and output.
 */
public final class Collector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);
  private static final long REPORT_MILLIS = 500;
  private static final int MAX_LINE = 512;

  private final ServerSocket server;
  private final Consumer<String> toDemo;
  private final GuestBook book = new GuestBook();
  private volatile Map<String, Integer> loads = Map.of();
  private final Map<String, List<Socket>> connections = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService guests = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  private Collector(ServerSocket server, Consumer<String> toDemo) {
    this.server = server;
    this.toDemo = toDemo;
  }

  /**
   * Listens and tells the demo so.
   *
   * @param toDemo takes one line at a time, from several threads
   */
  public static Collector open(String address, int port, Consumer<String> toDemo)
      throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    Collector collector = new Collector(server, toDemo);
    collector.tell(new CollectorLine.Ready(server.getLocalPort()));
    var _ = collector.guests.submit(collector::accept);
    var _ =
        collector.clock.scheduleAtFixedRate(
            () -> collector.tell(collector.book.report(monotonicMillis())),
            REPORT_MILLIS,
            REPORT_MILLIS,
            TimeUnit.MILLISECONDS);
    return collector;
  }

  /** Takes orders until the demo closes its end, also by dying, unless it was told to stay. */
  public void serve(InputStream fromDemo) throws IOException, InterruptedException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(fromDemo, UTF_8));
    boolean stay = false;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      switch (CollectorLine.parse(line)) {
        case CollectorLine.Loads order -> {
          loads = order.millicores();
          connections.keySet().forEach(this::sendLoad);
        }
        case CollectorLine.Stay order -> stay = true;
        case CollectorLine.Ready wrong -> log.warn("the demo sent an answer: {}", wrong);
        case CollectorLine.Silence wrong -> log.warn("the demo sent an answer: {}", wrong);
        case CollectorLine.Guests wrong -> log.warn("the demo sent an answer: {}", wrong);
      }
    }
    if (stay) {
      closed.await();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    clock.shutdownNow();
    server.close();
    for (List<Socket> sockets : connections.values()) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    guests.shutdownNow();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        var _ = guests.submit(() -> serveGuest(socket));
      } catch (IOException failed) {
        if (!server.isClosed()) {
          log.warn("could not accept a guest's connection", failed);
        }
      }
    }
  }

  private void serveGuest(Socket socket) {
    String vm = "";
    try (socket) {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII), MAX_LINE);
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        GuestLine told = GuestLine.parse(line);
        if (told instanceof GuestLine.Hello hello && vm.isEmpty()) {
          vm = hello.name();
          greet(vm, socket);
        } else if (!vm.isEmpty()) {
          book.heard(vm, told, monotonicMillis(), System.currentTimeMillis()).ifPresent(this::tell);
        }
        if (told instanceof GuestLine.Unknown unknown) {
          log.warn("guest {} sent a line that makes no sense: {}", vm, unknown.line());
        }
      }
    } catch (IOException ended) {
      // The usual end: the guest was stopped or moved. Silence is what is measured, not
      // connections.
      log.debug("connection of guest {} ended: {}", vm, ended.toString());
    } finally {
      if (!vm.isEmpty()) {
        book.disconnected(vm);
        connections.computeIfPresent(
            vm,
            (name, sockets) -> {
              sockets.remove(socket);
              return sockets.isEmpty() ? null : sockets;
            });
      }
    }
  }

  private void greet(String vm, Socket socket) throws IOException {
    long round = book.connected(vm);
    send(socket, "acknowledged " + round + "\n");
    connections.computeIfAbsent(vm, name -> new CopyOnWriteArrayList<>()).add(socket);
    sendLoad(vm);
  }

  private void sendLoad(String vm) {
    Integer load = loads.get(vm);
    if (load == null) {
      return;
    }
    for (Socket socket : connections.getOrDefault(vm, List.of())) {
      try {
        send(socket, "load " + load + "\n");
      } catch (IOException ended) {
        log.debug(
            "load for {} not sent, it is sent again when the guest is back: {}",
            vm,
            ended.toString());
      }
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    // A dozen bytes: they fit into the socket's buffer even while the guest stands still.
    synchronized (socket) {
      socket.getOutputStream().write(text.getBytes(US_ASCII));
    }
  }

  private void tell(CollectorLine line) {
    toDemo.accept(line.toJson());
  }

  private static long monotonicMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
