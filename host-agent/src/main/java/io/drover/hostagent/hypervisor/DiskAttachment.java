package io.drover.hostagent.hypervisor;

import io.drover.storage.disk.DiskId;
import java.nio.file.Path;

/**
 * A disk as served on this host: an NBD export on a Unix socket. The path must stay valid over
 * restarts of whoever serves it.
 */
public record DiskAttachment(DiskId disk, Path nbdSocket, String exportName) {}
