package io.drover.storage.controller;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.block.Extent;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.Versioned;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReadReply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A disk as its lease holder sees it, from the taking of the lease to its end; a later lease gets a
 * controller of its own.
 *
 * <p>Containers that were ever written are opened at once, because a FLUSH must cover what an
 * earlier holder had acknowledged; the others when they are first used. No answer leaves while the
 * lease is not confirmed. A request that has waited for the I/O timeout fails with {@code IO}; what
 * it had sent keeps its place in the log.
 */
public final class DiskController implements BlockDevice, AutoCloseable {
  /** Ranges of one kind are looked through up to here in one call; the client asks again. */
  private static final int MAX_LOOKS = 32;

  private static final int MAX_EXTENTS = 4096;

  private final ControllerContext context;
  private final HeldLease lease;
  private final LeaseGuard guard;
  private final Requests requests;
  private final Runnable onFenced;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final DiskVersions versions;
  private volatile List<ContainerController> containers = List.of();

  private DiskController(ControllerContext context, Disk disk, HeldLease lease, Runnable onFenced) {
    this.context = context;
    this.lease = lease;
    this.onFenced = onFenced;
    this.requests = new Requests(context.metrics());
    this.versions = new DiskVersions(context, disk, lease);
    this.guard =
        new LeaseGuard(
            context.metadata(),
            disk.id(),
            lease,
            context.settings().leaseInterval(),
            this::metAnotherHolder);
  }

  /**
   * A controller under a lease that was just taken; it recovers the containers and confirms the
   * lease in the background.
   *
   * @param disk read after the lease was taken, and so are its containers
   * @param onFenced told once, on a thread of its own, when another holder was met; the controller
   *     has stopped then
   */
  public static DiskController start(
      ControllerContext context,
      Disk disk,
      List<Versioned<ContainerMembers>> members,
      HeldLease lease,
      Runnable onFenced) {
    DiskController controller = new DiskController(context, disk, lease, onFenced);
    controller.growTo(disk);
    for (int i = 0; i < members.size(); i++) {
      if (!members.get(i).value().neverOpened()) {
        CompletableFuture<Void> _ = controller.containers.get(i).startOpening();
      }
    }
    controller.guard.start();
    return controller;
  }

  private void growTo(Disk disk) {
    List<ContainerController> grown = new ArrayList<>(containers);
    for (int i = grown.size(); i < disk.containers(); i++) {
      grown.add(
          new ContainerController(
              new ContainerId(disk.id(), i),
              lease,
              disk.policy(),
              context,
              versions,
              this::metAnotherHolder));
    }
    containers = List.copyOf(grown);
    versions.adopt(disk);
  }

  /** Waits until all containers that were ever written are recovered. */
  public void awaitOpen() throws BlockIoException {
    Deadline deadline = Deadline.in(context.settings().openTimeout());
    for (ContainerController container : containers) {
      container.awaitOpening(deadline);
    }
    guard.await(deadline);
  }

  public Disk disk() {
    return versions.disk();
  }

  public HeldLease lease() {
    return lease;
  }

  @Override
  public long sizeBytes() {
    return versions.disk().sizeBytes();
  }

  @Override
  public int blockSizeBytes() {
    return versions.disk().policy().blockSizeBytes();
  }

  // ---- I/O

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws BlockIoException {
    int length = into.remaining();
    perform(
        "read",
        offsetBytes,
        length,
        (piece, deadline) ->
            container(piece).read(piece.offset(), part(into, offsetBytes, piece), deadline));
    into.position(into.limit());
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from, boolean fua) throws BlockIoException {
    perform(
        "write",
        offsetBytes,
        from.remaining(),
        (piece, deadline) ->
            container(piece).write(piece.offset(), part(from, offsetBytes, piece), fua, deadline));
    from.position(from.limit());
  }

  @Override
  public void trim(long offsetBytes, long lengthBytes, boolean fua) throws BlockIoException {
    zero("trim", offsetBytes, lengthBytes, fua);
  }

  @Override
  public void writeZeroes(long offsetBytes, long lengthBytes, boolean keepAllocated, boolean fua)
      throws BlockIoException {
    zero("write_zeroes", offsetBytes, lengthBytes, fua);
  }

  private void zero(String operation, long offset, long length, boolean fua)
      throws BlockIoException {
    perform(
        operation,
        offset,
        length,
        (piece, deadline) -> container(piece).zero(piece.offset(), piece.length(), fua, deadline));
  }

  @Override
  public void flush() throws BlockIoException {
    requests.run(
        "flush",
        0,
        () -> {
          Deadline deadline = deadline();
          List<CompletableFuture<Void>> flushes = new ArrayList<>();
          containers.forEach(c -> flushes.add(c.flush()));
          for (int i = 0; i < flushes.size(); i++) {
            ContainerController container = containers.get(i);
            BlockIoException failure =
                ReplicaCalls.await(flushes.get(i), deadline, container::waitingFor);
            if (failure != null) {
              throw failure;
            }
          }
          guard.await(deadline);
        });
  }

  @Override
  public List<Extent> extents(long offsetBytes, long lengthBytes) throws BlockIoException {
    Extents found = new Extents();
    BlockIoException.requireInside(offsetBytes, lengthBytes, sizeBytes());
    requests.run("extents", 0, () -> look(offsetBytes, lengthBytes, found));
    return found.result();
  }

  private void look(long offset, long length, Extents found) throws BlockIoException {
    Deadline deadline = deadline();
    int size = blockSizeBytes();
    int looks = 0;
    for (Striping.Piece piece : Striping.pieces(offset, length, containerBytes())) {
      long end = piece.offset() + piece.length();
      for (BlockSpan span :
          BlockSpan.of(piece.offset(), piece.length(), size)
              .parts(LogRecord.MAX_DATA_BYTES / size)) {
        ReadReply reply = container(piece).look(span, deadline);
        found.add(span, reply, Math.max(piece.offset(), span.firstByte()), end);
        if (++looks >= MAX_LOOKS || found.count() >= MAX_EXTENTS) {
          guard.await(deadline);
          return;
        }
      }
    }
    guard.await(deadline);
  }

  private interface PieceRequest {
    void carryOut(Striping.Piece piece, Deadline deadline) throws BlockIoException;
  }

  private void perform(String operation, long offset, long length, PieceRequest request)
      throws BlockIoException {
    BlockIoException.requireInside(offset, length, sizeBytes());
    requests.run(
        operation,
        length,
        () -> {
          Deadline deadline = deadline();
          guard.await(deadline);
          for (Striping.Piece piece : Striping.pieces(offset, length, containerBytes())) {
            request.carryOut(piece, deadline);
          }
          guard.await(deadline);
        });
  }

  private static ByteBuffer part(ByteBuffer whole, long offset, Striping.Piece piece) {
    // The piece's place in the request: pieces are in order and contiguous.
    int at = Math.toIntExact(piece.diskOffset() - offset);
    return whole.slice(whole.position() + at, Math.toIntExact(piece.length()));
  }

  private ContainerController container(Striping.Piece piece) {
    return containers.get(piece.container());
  }

  private Deadline deadline() {
    return Deadline.in(context.settings().ioTimeout());
  }

  private long containerBytes() {
    return versions.disk().policy().containerBytes();
  }

  // ---- the disk as a whole

  /**
   * Seals the current version under a name: a new version is committed, then one moment for all
   * containers separates the writes of both, then the sealed ones are made durable.
   */
  public Disk snapshot(String name) throws DiskException {
    return versions.snapshot(name, () -> containers, this::metAnotherHolder);
  }

  /** Chooses storage nodes for containers to be added. */
  public interface Placement {
    List<ContainerMembers> place(Disk disk, int added) throws DiskException;
  }

  public Disk resize(long sizeBytes, Placement placement) throws DiskException {
    return versions.resize(sizeBytes, placement, this::growTo, this::metAnotherHolder);
  }

  /**
   * Gives the lease back and ends. Call it when nothing is under way and everything is flushed; on
   * failure the controller goes on as the holder.
   */
  public void release(Leases leases) throws DiskException {
    guard.suspend();
    boolean released = false;
    try {
      leases.release(disk().id(), lease);
      released = true;
    } finally {
      if (!released) {
        guard.resume();
      }
    }
    close();
  }

  public ControllerHealth health() {
    int degraded = 0;
    int belowMinimum = 0;
    for (ContainerController container : containers) {
      ReplicatedLog log = container.openLog();
      if (log != null) {
        int usable = log.usableCopies();
        degraded += log.inSyncCopies() < disk().policy().replicas() ? 1 : 0;
        belowMinimum += usable < disk().policy().minInSync() ? 1 : 0;
      } else if (container.isUnavailable()) {
        degraded++;
        belowMinimum++;
      }
    }
    return new ControllerHealth(
        !ended.get() && guard.isConfirmed(),
        requests.underWay(),
        degraded,
        belowMinimum,
        requests.lastError());
  }

  /** May come from any thread under any lock, so it only starts what is to be done. */
  private void metAnotherHolder() {
    if (ended.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("fenced-" + disk().id())
          .start(() -> {
            stop(
                new BlockIoException(Reason.FENCED, "disk " + disk().id() + " has another holder"));
            onFenced.run();
          });
    }
  }

  private void stop(BlockIoException why) {
    guard.close();
    containers.forEach(c -> c.stop(why));
  }

  /** Ends without touching the lease; requests that wait fail with {@code SHUTDOWN}. */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      stop(new BlockIoException(Reason.SHUTDOWN, "disk " + disk().id() + " is being closed"));
    }
  }
}
