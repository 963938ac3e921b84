package io.drover.storage.nbd;

/**
 * What the handshake agreed on.
 *
 * @param allocation whether the client selected {@code base:allocation} for this export
 */
record Session(Export export, boolean structuredReplies, boolean allocation) {

  /** The transmission flags of an export, which tell the client what it may ask for. */
  static int transmissionFlags(Export export, boolean structuredReplies) {
    return Nbd.TRANSMISSION_HAS_FLAGS
        | Nbd.TRANSMISSION_SEND_FLUSH
        | Nbd.TRANSMISSION_SEND_FUA
        | Nbd.TRANSMISSION_SEND_TRIM
        | Nbd.TRANSMISSION_SEND_WRITE_ZEROES
        | Nbd.TRANSMISSION_SEND_CACHE
        // All connections reach the same device, which keeps no cache per connection.
        | Nbd.TRANSMISSION_CAN_MULTI_CONN
        | (structuredReplies ? Nbd.TRANSMISSION_SEND_DF : 0)
        | (export.readOnly() ? Nbd.TRANSMISSION_READ_ONLY : 0);
  }
}
