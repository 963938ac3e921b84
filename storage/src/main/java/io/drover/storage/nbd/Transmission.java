package io.drover.storage.nbd;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second phase of a connection: requests in, replies out, many at a time.
 *
 * <p>The reading thread takes requests off the wire while there is room for them, and each is
 * served by a virtual thread of its own, which also sends the reply. When the client does not read
 * its replies, the room runs out, the reading stops, and TCP tells the client; nothing else waits.
 */
final class Transmission {
  private static final Logger log = LoggerFactory.getLogger(Transmission.class);

  private static final int REQUEST_BYTES = 28;

  /**
   * A too long write is skipped up to here, so that the client hears why; above, it is attacking.
   */
  private static final long MAX_SKIPPED_BYTES = 64L * 1024 * 1024;

  /** How far a device is asked to look at first for the end of a run, at most, and how often. */
  private static final long FIRST_LOOK_BYTES = 256 * 1024;

  private static final long MAX_LOOK_BYTES = 64L * 1024 * 1024;
  private static final int MAX_LOOKS = 16;

  private final Wire wire;
  private final Session session;
  private final BlockDevice device;
  private final NbdSettings settings;
  private final NbdMetrics metrics;
  private final Runnable disconnect;
  private final BooleanSupplier draining;
  private final ReplyWriter replies;
  private final Semaphore requests;
  private final PayloadRoom room;

  /**
   * @param disconnect ends the connection at once, from any thread
   * @param draining whether to take no further requests
   */
  Transmission(
      Wire wire,
      Session session,
      NbdSettings settings,
      NbdMetrics metrics,
      PayloadRoom room,
      Runnable disconnect,
      BooleanSupplier draining) {
    this.wire = wire;
    this.session = session;
    this.device = session.export().device();
    this.settings = settings;
    this.metrics = metrics;
    this.disconnect = disconnect;
    this.draining = draining;
    this.replies = new ReplyWriter(wire, session.structuredReplies());
    this.requests = new Semaphore(settings.maxInFlightRequests());
    this.room = room;
  }

  /** Serves until the client leaves or the connection is drained; all requests have ended then. */
  void run() throws IOException {
    try {
      while (!draining.getAsBoolean() && !wire.atEnd()) {
        if (!takeRequest()) {
          return;
        }
      }
    } finally {
      requests.acquireUninterruptibly(settings.maxInFlightRequests());
    }
  }

  /** False when the client said goodbye. */
  private boolean takeRequest() throws IOException {
    wire.receiving();
    ByteBuffer header = wire.header(REQUEST_BYTES);
    int magic = header.getInt();
    int flags = Short.toUnsignedInt(header.getShort());
    int code = Short.toUnsignedInt(header.getShort());
    long cookie = header.getLong();
    long offset = header.getLong();
    long length = Integer.toUnsignedLong(header.getInt());
    if (magic != Nbd.REQUEST_MAGIC) {
      throw new NbdProtocolException("a request does not begin with the request magic");
    }
    wire.received();
    Optional<Command> known = Command.of(code);
    if (known.isEmpty()) {
      metrics.errors.labels("unknown", "invalid").inc();
      replies.error(cookie, Nbd.EINVAL, "command " + code + " is not supported");
      return true;
    }
    Request request = new Request(known.get(), flags, cookie, offset, length);
    if (request.command() == Command.DISC) {
      return false;
    }
    Optional<Request.Refusal> refusal = request.refusal(session, settings.maxRequestBytes());
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else {
      accept(request);
    }
    return true;
  }

  /**
   * Answered on the reading thread: a client that sends nonsense and reads no replies stops itself.
   */
  private void refuse(Request request, Request.Refusal refusal) throws IOException {
    if (request.command() == Command.WRITE) {
      if (request.lengthBytes() > MAX_SKIPPED_BYTES) {
        throw new NbdProtocolException("a write of " + request.lengthBytes() + " bytes");
      }
      wire.receiving();
      wire.skip(request.lengthBytes());
      wire.received();
    }
    metrics.errors.labels(request.command().label(), "refused").inc();
    replies.error(request.cookie(), refusal.error(), refusal.message());
  }

  private void accept(Request request) throws IOException {
    requests.acquireUninterruptibly();
    PayloadRoom.Held held = room.hold(request.payloadBytes());
    boolean started = false;
    try {
      ByteBuffer data = ByteBuffer.allocate(0);
      if (request.command() == Command.WRITE) {
        wire.receiving();
        data = ByteBuffer.allocate(request.payloadBytes());
        wire.readFully(data);
        data.flip();
        wire.received();
      }
      long arrived = System.nanoTime();
      ByteBuffer written = data;
      metrics.inFlight.inc();
      Thread.ofVirtual().name("nbd-request").start(() -> serve(request, written, held, arrived));
      started = true;
    } finally {
      if (!started) {
        release(held);
      }
    }
  }

  private void serve(
      Request request, ByteBuffer written, PayloadRoom.Held held, long arrivedNanos) {
    try {
      perform(request, written);
      String label = request.command().label();
      metrics.bytes.labels(label).inc(request.payloadBytes());
      metrics.seconds.labels(label).observe((System.nanoTime() - arrivedNanos) / 1e9);
    } catch (BlockIoException e) {
      failed(request, e.reason(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      // The reply could not be sent whole, so nothing after it would make sense to the client.
      log.debug("nbd reply on {} not sent: {}", session.export().name(), e.getMessage());
      disconnect.run();
    } catch (RuntimeException e) {
      log.error("nbd {} on {} broke the device", request, session.export().name(), e);
      failed(request, BlockIoException.Reason.IO, "internal error: " + e);
    } finally {
      metrics.inFlight.dec();
      release(held);
    }
  }

  private void perform(Request request, ByteBuffer written) throws BlockIoException, IOException {
    boolean fua = request.has(Nbd.CMD_FLAG_FUA);
    long offset = request.offsetBytes();
    long length = request.lengthBytes();
    switch (request.command()) {
      case READ -> {
        ByteBuffer reply = ReplyWriter.readBuffer(request.payloadBytes());
        if (length > 0) {
          device.read(offset, ReplyWriter.dataOf(reply));
        }
        replies.data(request, reply);
      }
      case BLOCK_STATUS ->
          replies.blockStatus(
              request,
              request.has(Nbd.CMD_FLAG_REQ_ONE)
                  ? List.of(firstRun(offset, length))
                  : extents(offset, length));
      case WRITE -> {
        if (length > 0) {
          device.write(offset, written, fua);
        }
        replies.done(request);
      }
      case TRIM -> {
        if (length > 0) {
          device.trim(offset, length, fua);
        }
        replies.done(request);
      }
      case WRITE_ZEROES -> {
        if (length > 0) {
          device.writeZeroes(offset, length, request.has(Nbd.CMD_FLAG_NO_HOLE), fua);
        }
        replies.done(request);
      }
      case FLUSH -> {
        device.flush();
        replies.done(request);
      }
      // The device caches as it sees fit; the hint is heard and changes nothing.
      case CACHE -> replies.done(request);
      case DISC -> throw new IllegalStateException("a disconnect is not served");
    }
  }

  /**
   * The first run of one kind. QEMU asks so, each time for all that is left of the disk, and most
   * often the next run is near: so the device looks only as far as is needed.
   */
  private Extent firstRun(long offset, long length) throws BlockIoException {
    long window = Math.min(length, FIRST_LOOK_BYTES);
    List<Extent> seen = extents(offset, window);
    Extent run = seen.getFirst();
    for (int looks = 1; ; looks++) {
      for (Extent next : seen.subList(looks == 1 ? 1 : 0, seen.size())) {
        if (!next.sameKindAs(run)) {
          return run;
        }
        run = new Extent(run.lengthBytes() + next.lengthBytes(), run.hole(), run.zero());
      }
      if (run.lengthBytes() == length || looks == MAX_LOOKS) {
        return run;
      }
      window = Math.min(length - run.lengthBytes(), Math.min(4 * window, MAX_LOOK_BYTES));
      seen = extents(offset + run.lengthBytes(), window);
    }
  }

  private List<Extent> extents(long offset, long length) throws BlockIoException {
    List<Extent> extents = device.extents(offset, length);
    if (extents.isEmpty()) {
      throw new IllegalStateException("the device told nothing about a range of " + length);
    }
    return extents;
  }

  private void failed(Request request, BlockIoException.Reason reason, String message) {
    String label = request.command().label();
    metrics.errors.labels(label, reason.name().toLowerCase(Locale.ROOT)).inc();
    log.atWarn()
        .addKeyValue("export", session.export().name())
        .addKeyValue("command", label)
        .addKeyValue("offset", request.offsetBytes())
        .addKeyValue("length", request.lengthBytes())
        .addKeyValue("reason", reason)
        .addKeyValue("cause", message)
        .log("nbd request failed");
    try {
      switch (reason) {
        case IO -> replies.error(request.cookie(), Nbd.EIO, message);
        case NO_SPACE -> replies.error(request.cookie(), Nbd.ENOSPC, message);
        case NOT_PERMITTED -> replies.error(request.cookie(), Nbd.EPERM, message);
        case INVALID -> replies.error(request.cookie(), Nbd.EINVAL, message);
        case SHUTDOWN -> replies.error(request.cookie(), Nbd.ESHUTDOWN, message);
        case FENCED -> {
          session.export().fenced();
          disconnect.run();
        }
      }
    } catch (IOException e) {
      log.debug("nbd error on {} not sent: {}", session.export().name(), e.getMessage());
      disconnect.run();
    }
  }

  private void release(PayloadRoom.Held held) {
    held.release();
    requests.release();
  }
}
