package io.drover.storage.controller;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.block.BlockIoException;
import io.drover.storage.disk.Acknowledge;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.disk.NewDisk;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.InMemoryDirectory;
import io.drover.storage.replica.InMemoryReplica;
import io.drover.storage.replica.ReplicaDirectory;
import io.prometheus.client.CollectorRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Three replicas in memory, one disk of two containers, and controllers on as many hosts. */
public final class TestCluster implements AutoCloseable {
  static final List<String> NODES = List.of("n1", "n2", "n3");
  static final int BLOCK = 4096;

  final InMemoryDirectory replicas = new InMemoryDirectory();

  /** What controllers reach, when that is not the replicas themselves. */
  volatile ReplicaDirectory reached = replicas;

  final MemoryMetadata metadata = new MemoryMetadata();
  public final Disk disk;
  private final ControllerSettings settings;
  private final List<DiskController> started = new ArrayList<>();

  public TestCluster() {
    this(quick());
  }

  TestCluster(ControllerSettings settings) {
    this(settings, Acknowledge.PAGE_CACHE, 2);
  }

  TestCluster(ControllerSettings settings, Acknowledge acknowledge, int minInSync) {
    this.settings = settings;
    DiskPolicy policy = new DiskPolicy(3, minInSync, BLOCK, 1 << 20, acknowledge);
    this.disk =
        Disk.created(new DiskId("dtest"), new NewDisk("test", (1 << 20) + 64 * BLOCK, policy));
    metadata.create(disk, NODES);
  }

  /**
   * Quick to try again, and generous where a slow machine must not look like a failed one; a test
   * of a limit sets that one limit.
   */
  static ControllerSettings quick() {
    return settings(Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  static ControllerSettings withIoTimeout(Duration ioTimeout) {
    return settings(Duration.ofSeconds(10), ioTimeout);
  }

  static ControllerSettings withReplicaTimeout(Duration replicaTimeout) {
    return settings(replicaTimeout, Duration.ofSeconds(30));
  }

  private static ControllerSettings settings(Duration replicaTimeout, Duration ioTimeout) {
    return new ControllerSettings(
        Duration.ofSeconds(2),
        replicaTimeout,
        ioTimeout,
        Duration.ofSeconds(30),
        Duration.ofMillis(5),
        4 << 20,
        64 * 1024);
  }

  /** A controller and what it told about its end. */
  record Host(String node, DiskController controller, CountDownLatch fenced) {
    BlockDevice device() {
      return controller;
    }
  }

  public ControllerContext context(String node) {
    return new ControllerContext(
        node, settings, metadata.viewOf(node), reached, new DiskMetrics(new CollectorRegistry()));
  }

  /** Takes the lease on a host, seizing it if need be, and waits until the disk is open. */
  Host open(String node) throws DiskException, MetadataException, BlockIoException {
    Host host = start(node);
    host.controller().awaitOpen();
    return host;
  }

  Host start(String node) throws DiskException, MetadataException {
    ControllerContext context = context(node);
    HeldLease lease = new Leases(context).take(disk.id(), true);
    DiskMetadata view = context.metadata();
    CountDownLatch fenced = new CountDownLatch(1);
    DiskController controller =
        DiskController.start(
            context,
            view.disk(disk.id()).value(),
            view.containers(disk.id()),
            lease,
            fenced::countDown);
    synchronized (started) {
      started.add(controller);
    }
    return new Host(node, controller, fenced);
  }

  InMemoryReplica replica(String node) {
    return replicas.connect(node);
  }

  ContainerId container(int index) {
    return new ContainerId(disk.id(), index);
  }

  ContainerMembers members() {
    return metadata.members(container(0));
  }

  /** A block full of one byte. */
  static ByteBuffer filled(int bytes, int value) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  static byte[] read(BlockDevice device, long offset, int length) throws BlockIoException {
    byte[] bytes = new byte[length];
    device.read(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** Waits for something that background work brings about. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come about: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  @Override
  public void close() {
    synchronized (started) {
      started.forEach(DiskController::close);
    }
  }
}
