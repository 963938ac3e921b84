package io.drover.storage.attach;

import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import java.util.List;
import java.util.Optional;

/** The disks attached by this process; the lease holder's identity is the node's. */
public interface DiskAttachments extends AutoCloseable {
  /**
   * Makes controller and NBD export of a disk, or returns the one that exists.
   *
   * <p>With {@link AttachMode#HOLDER} an existing attachment takes the lease if it does not have
   * it. A lease that this node itself holds, left by an earlier process, is taken over at once with
   * a higher epoch; one that another node holds is refused with {@link
   * DiskException.HeldElsewhere}. With {@link AttachMode#OBSERVER} an existing attachment is
   * returned as it is.
   */
  AttachedDisk attach(DiskId disk, AttachMode mode) throws DiskException;

  Optional<AttachedDisk> find(DiskId disk);

  List<AttachedDisk> all();

  /**
   * Ends all exports and controllers without giving leases back: a restarted process of this node
   * takes them over, and the VMs' NBD clients reconnect to it.
   */
  @Override
  void close();
}
