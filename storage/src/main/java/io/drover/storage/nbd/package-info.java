/**
 * Serves block devices to NBD clients (QEMU, nbdcopy, the Linux kernel) on Unix sockets and TCP.
 *
 * <p>Start at {@link io.drover.storage.nbd.NbdServer}. A connection goes through {@code Handshake}
 * (which export, which extensions) into {@code Transmission} (requests and replies); {@code Nbd}
 * holds the numbers of the wire. The protocol is the public NBD document, {@code doc/proto.md} of
 * github.com/NetworkBlockDevice/nbd: the fixed newstyle handshake and structured replies.
 *
 * <p>The package uses {@code io.drover.storage.block}, {@code io.drover.config} and the JDK's
 * channels on virtual threads, and knows nothing of replicas or leases.
 *
 * <p>Invariant: whatever a client sends, or does not send, or does not read, costs this server
 * bounded memory and affects that connection alone; and a success reply means that the device said
 * so.
 */
@NullMarked
package io.drover.storage.nbd;

import org.jspecify.annotations.NullMarked;
