package io.drover.storage.store;

import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.RemoteReplica;
import io.drover.storage.replica.ReplicaMetrics;
import io.drover.storage.replica.ReplicaServer;
import io.drover.storage.replica.ReplicaService;
import io.drover.storage.replica.TestSettings;
import io.prometheus.client.CollectorRegistry;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Figures of the store on this machine, directly and through a connection over loopback. Run {@link
 * #main} with a directory on the disk in question; nothing is asserted.
 */
public final class StoreBenchmark {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 32 * 1024;
  private static final int APPENDS = 30_000;
  private static final int FLUSHES = 200;
  private static final int READS = 50_000;
  private static final int DEPTH = 32;

  private final ReplicaService replica;
  private final ContainerId id;
  private final String name;
  private final PrintStream out;
  private final Random random = new Random(1);
  private final ByteBuffer data = ByteBuffer.allocateDirect(BLOCK);
  private long sequence;

  private StoreBenchmark(ReplicaService replica, String name, PrintStream out) {
    this.replica = replica;
    this.id = new ContainerId(new DiskId(name), 0);
    this.name = name;
    this.out = out;
  }

  /** Takes the directory, in which pools are made and removed. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "drover-bench-");
    CollectorRegistry registry = new CollectorRegistry();
    StoreSettings settings = new StoreSettings(64 << 20, 0);
    try {
      try (NodeStore store =
              NodeStore.open(
                  "node-1", settings, directory, "boot", new Medium(), new StoreMetrics(registry));
          ReplicaServer server =
              ReplicaServer.open(
                  "node-1",
                  store,
                  TestSettings.patient(),
                  new ReplicaMetrics(registry),
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          RemoteReplica remote =
              new RemoteReplica(
                  "node-1",
                  _ -> Optional.of(server.address()),
                  TestSettings.patient(),
                  new ReplicaMetrics(new CollectorRegistry()))) {
        for (int round = 1; round <= 2; round++) { // the first warms up
          new StoreBenchmark(store, "local-" + round, System.out).run();
          new StoreBenchmark(remote, "remote-" + round, System.out).run();
        }
      }
      long start = System.nanoTime();
      NodeStore.open(
              "node-1",
              settings,
              directory,
              "boot",
              new Medium(),
              new StoreMetrics(new CollectorRegistry()))
          .close();
      System.out.printf(
          "replay of 4 logs of %d records: %.0f ms%n",
          APPENDS + FLUSHES, (System.nanoTime() - start) / 1e6);
    } finally {
      Medium.deleteTree(directory);
    }
  }

  private void run() throws Exception {
    replica.fence(id, 1, true);
    appends();
    replica.flush(id, 1, sequence);
    flushes();
    reads();
  }

  private CompletableFuture<Void> append() {
    int block = random.nextInt(BLOCKS);
    LogRecord record = LogRecord.data(1, ++sequence, block, 1, 0, data);
    return replica.append(new AppendRequest(id, 1, 0, record));
  }

  private void appends() throws Exception {
    Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();
    long start = System.nanoTime();
    for (int i = 0; i < APPENDS; i++) {
      if (underWay.size() == DEPTH) {
        underWay.remove().get();
      }
      underWay.add(append());
    }
    for (CompletableFuture<Void> future : underWay) {
      future.get();
    }
    rate("append 4 KiB, depth " + DEPTH, APPENDS, System.nanoTime() - start);
  }

  private void flushes() throws Exception {
    long[] nanos = new long[FLUSHES];
    for (int i = 0; i < FLUSHES; i++) {
      long start = System.nanoTime();
      append().get();
      replica.flush(id, 1, sequence);
      nanos[i] = System.nanoTime() - start;
    }
    latency("append 4 KiB + flush", nanos);
  }

  private void reads() throws Exception {
    long[] nanos = new long[READS];
    long start = System.nanoTime();
    for (int i = 0; i < READS; i++) {
      long from = System.nanoTime();
      int block = random.nextInt(BLOCKS);
      replica.read(new ReadRequest(id, 1, block, 1, BLOCK, new int[] {0}, 0));
      nanos[i] = System.nanoTime() - from;
    }
    rate("random read 4 KiB, one at a time", READS, System.nanoTime() - start);
    latency("random read 4 KiB", nanos);
    List<Thread> readers = new ArrayList<>();
    start = System.nanoTime();
    for (int t = 0; t < 8; t++) {
      Random own = new Random(t);
      readers.add(Thread.ofVirtual().start(() -> readSome(own)));
    }
    for (Thread reader : readers) {
      reader.join();
    }
    rate("random read 4 KiB, 8 readers", READS, System.nanoTime() - start);
  }

  private void readSome(Random own) {
    try {
      for (int i = 0; i < READS / 8; i++) {
        int block = own.nextInt(BLOCKS);
        replica.read(new ReadRequest(id, 1, block, 1, BLOCK, new int[] {0}, 0));
      }
    } catch (io.drover.storage.replica.ReplicaException e) {
      throw new IllegalStateException(e);
    }
  }

  private void rate(String what, int count, long nanos) {
    double perSecond = count / (nanos / 1e9);
    out.printf(
        "%-10s %-36s %9.0f /s %8.1f MiB/s%n", name, what, perSecond, perSecond * BLOCK / (1 << 20));
  }

  private void latency(String what, long[] nanos) {
    Arrays.sort(nanos);
    out.printf(
        "%-10s %-36s p50 %7.1f us  p99 %7.1f us%n",
        name, what, nanos[nanos.length / 2] / 1e3, nanos[nanos.length * 99 / 100] / 1e3);
  }
}
