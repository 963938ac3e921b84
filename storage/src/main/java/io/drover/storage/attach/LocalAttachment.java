package io.drover.storage.attach;

import io.drover.storage.attach.AttachmentDevice.Behind;
import io.drover.storage.block.BlockDevice;
import io.drover.storage.block.BlockIoException;
import io.drover.storage.controller.ControllerContext;
import io.drover.storage.controller.ControllerHealth;
import io.drover.storage.controller.DiskController;
import io.drover.storage.controller.DiskObserver;
import io.drover.storage.controller.HeldLease;
import io.drover.storage.controller.Leases;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.LeaseClaim;
import io.drover.storage.meta.Failures;
import io.drover.storage.meta.MetadataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attached disk. Changes of its state are made one at a time; I/O goes on beside them through
 * the device, which knows who may serve it.
 */
final class LocalAttachment implements AttachedDisk {
  private static final Logger log = LoggerFactory.getLogger(LocalAttachment.class);

  private final ControllerContext context;
  private final Leases leases;
  private final DiskController.Placement placement;
  private final DiskExport export;
  private final Runnable onDetached;
  private final AttachmentDevice device;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile long epoch;

  LocalAttachment(
      ControllerContext context,
      Disk disk,
      DiskController.Placement placement,
      DiskExport.Maker exports,
      Runnable onDetached) {
    this.context = context;
    this.leases = new Leases(context);
    this.placement = placement;
    this.onDetached = onDetached;
    this.device =
        new AttachmentDevice(
            disk,
            context.settings().ioTimeout(),
            new Behind.Observing(new DiskObserver(context, disk)));
    this.export = exports.make(disk, device);
  }

  /** Lets clients in. */
  void serve() throws DiskException {
    export.open();
  }

  @Override
  public Disk disk() {
    return device.disk();
  }

  @Override
  public Path nbdSocket() {
    return export.socket();
  }

  @Override
  public String exportName() {
    return export.name();
  }

  @Override
  public void offerByTcp() throws DiskException {
    try {
      export.offer();
    } catch (IOException e) {
      throw new DiskException.Unavailable(
          "disk " + disk().id() + " cannot be offered by TCP: " + e.getMessage(), e);
    }
  }

  @Override
  public AttachState state() {
    return switch (device.behind()) {
      case Behind.Observing _ -> AttachState.OBSERVER;
      case Behind.Holding _, Behind.Leaving _ -> AttachState.HOLDER;
      case Behind.Released _, Behind.Closed _ -> AttachState.RELEASED;
      case Behind.Lost _ -> AttachState.FENCED;
    };
  }

  @Override
  public long leaseEpoch() {
    return epoch;
  }

  @Override
  public void takeLease() throws DiskException {
    take(false, Optional.empty());
  }

  @Override
  public void takeLease(LeaseClaim claim) throws DiskException {
    take(false, Optional.of(claim));
  }

  @Override
  public void seizeLease() throws DiskException {
    take(true, Optional.empty());
  }

  @Override
  public void seizeLease(LeaseClaim claim) throws DiskException {
    take(true, Optional.of(claim));
  }

  private void take(boolean seize, Optional<LeaseClaim> claim) throws DiskException {
    changing.lock();
    try {
      if (claim.isPresent()) {
        export.withdraw();
      }
      Behind before = device.behind();
      switch (before) {
        case Behind.Holding _, Behind.Leaving _ -> {
          return;
        }
        case Behind.Closed _ ->
            throw new DiskException.Invalid("disk " + disk().id() + " is detached here");
        case Behind.Observing _, Behind.Released _, Behind.Lost _ ->
            becomeHolder(before, seize, claim);
      }
    } finally {
      changing.unlock();
    }
  }

  private void becomeHolder(Behind before, boolean seize, Optional<LeaseClaim> claim)
      throws DiskException {
    HeldLease lease = leases.take(disk().id(), seize, claim);
    epoch = lease.epoch();
    DiskController controller = null;
    try {
      Disk now = context.metadata().disk(disk().id()).value();
      device.know(now);
      FencedHere fenced = new FencedHere();
      controller =
          DiskController.start(
              context, now, context.metadata().containers(now.id()), lease, fenced);
      controller.awaitOpen();
      Behind.Holding holding = new Behind.Holding(controller);
      if (!device.become(before, holding)) {
        throw new DiskException.LeaseLost("disk " + now.id() + " changed hands meanwhile");
      }
      fenced.watch(holding);
      if (before instanceof Behind.Lost) {
        export.open();
      }
      log.atInfo()
          .addKeyValue("disk", now.id())
          .addKeyValue("node", context.localNode())
          .addKeyValue("epoch", epoch)
          .log("disk held");
    } catch (MetadataException e) {
      giveUp(controller, lease);
      throw Failures.of("opening disk " + disk().id(), e);
    } catch (BlockIoException e) {
      giveUp(controller, lease);
      throw e.reason() == BlockIoException.Reason.FENCED
          ? new DiskException.LeaseLost(String.valueOf(e.getMessage()))
          : new DiskException.Unavailable("opening disk " + disk().id() + ": " + e.getMessage(), e);
    }
  }

  /** Tells the device when the controller met another holder, also when that was at once. */
  private final class FencedHere implements Runnable {
    private boolean fenced;
    private Optional<Behind> watched = Optional.empty();

    synchronized void watch(Behind holding) {
      watched = Optional.of(holding);
      if (fenced) {
        lost(holding);
      }
    }

    @Override
    public synchronized void run() {
      fenced = true;
      watched.ifPresent(LocalAttachment.this::lost);
    }
  }

  private void lost(Behind holding) {
    Behind leaving =
        holding instanceof Behind.Holding h ? new Behind.Leaving(h.controller()) : holding;
    Behind.Lost lost = new Behind.Lost();
    if (device.become(holding, lost) || device.become(leaving, lost)) {
      log.atWarn()
          .addKeyValue("disk", disk().id())
          .addKeyValue("node", context.localNode())
          .addKeyValue("epoch", epoch)
          .log("disk fenced");
      export.close();
    }
  }

  /**
   * After a failed opening nobody was served, so the lease can go back; unless an earlier holder
   * may still be at it: the next one must know that, and a held lease says so.
   */
  private void giveUp(@Nullable DiskController controller, HeldLease lease) {
    if (controller != null) {
      controller.close();
    }
    if (lease.earlierMayServe()) {
      return;
    }
    try {
      leases.release(disk().id(), lease);
    } catch (DiskException e) {
      log.atWarn()
          .addKeyValue("disk", disk().id())
          .addKeyValue("cause", e.getMessage())
          .log("lease kept");
    }
  }

  @Override
  public void release() throws DiskException {
    changing.lock();
    try {
      if (!(device.behind() instanceof Behind.Holding holding)) {
        if (state() == AttachState.FENCED) {
          throw new DiskException.LeaseLost("disk " + disk().id() + " has another holder");
        }
        return;
      }
      Behind.Leaving leaving = new Behind.Leaving(holding.controller());
      if (!device.become(holding, leaving)) {
        throw new DiskException.LeaseLost("disk " + disk().id() + " has another holder");
      }
      boolean done = false;
      try {
        leave(holding.controller());
        done = true;
      } finally {
        if (!done) {
          device.become(leaving, holding);
        }
      }
      device.become(
          leaving, new Behind.Released(new DiskObserver(context, holding.controller().disk())));
    } finally {
      changing.unlock();
    }
  }

  private void leave(DiskController controller) throws DiskException {
    try {
      if (!device.awaitIdle(context.settings().openTimeout())) {
        throw new DiskException.Unavailable(
            "release of disk " + disk().id() + ": writes in flight do not end", null);
      }
      controller.flush();
    } catch (BlockIoException e) {
      throw e.reason() == BlockIoException.Reason.FENCED
          ? new DiskException.LeaseLost(String.valueOf(e.getMessage()))
          : new DiskException.Unavailable(
              "release of disk " + disk().id() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DiskException.Unavailable("release of disk " + disk().id() + " interrupted", e);
    }
    controller.release(leases);
  }

  @Override
  public void detach() {
    changing.lock();
    try {
      if (device.behind() instanceof Behind.Holding) {
        release();
      }
    } catch (DiskException e) {
      log.atWarn()
          .addKeyValue("disk", disk().id())
          .addKeyValue("cause", e.getMessage())
          .log("detached without release");
    } finally {
      changing.unlock();
    }
    close();
  }

  /** Ends everything here and leaves the lease as it is. */
  void close() {
    changing.lock();
    try {
      Behind last = device.behind();
      device.know(device.disk());
      if (last instanceof Behind.Holding holding) {
        holding.controller().close();
      }
      device.become(new Behind.Closed());
      export.close();
      onDetached.run();
    } finally {
      changing.unlock();
    }
  }

  @Override
  public BlockDevice device() {
    return device;
  }

  @Override
  public AttachHealth health() {
    int containers = disk().containers();
    return switch (device.behind()) {
      case Behind.Holding holding -> health(holding.controller().health(), containers, true);
      case Behind.Leaving leaving -> health(leaving.controller().health(), containers, false);
      case Behind.Observing _, Behind.Released _, Behind.Lost _, Behind.Closed _ ->
          new AttachHealth(false, device.waiting(), containers, 0, 0, Optional.empty());
    };
  }

  private AttachHealth health(ControllerHealth now, int containers, boolean holding) {
    return new AttachHealth(
        holding && now.leaseConfirmed(),
        device.waiting() + now.requests(),
        containers,
        now.degraded(),
        now.belowMinimum(),
        now.lastError());
  }

  @Override
  public Disk snapshot(String name) throws DiskException {
    return holder("snapshot").snapshot(name);
  }

  @Override
  public Disk resize(long sizeBytes) throws DiskException {
    return holder("resize").resize(sizeBytes, placement);
  }

  private DiskController holder(String operation) throws DiskException {
    if (device.behind() instanceof Behind.Holding holding) {
      return holding.controller();
    }
    throw new DiskException.LeaseLost(
        operation + " of disk " + disk().id() + ": this node does not hold the disk");
  }
}
