package io.drover.storage.meta;

/**
 * A live storage node as it registered itself.
 *
 * @param address where its replica server listens
 * @param bootId identity of its machine's current boot
 */
public record StorageNode(String nodeId, String address, int port, String bootId) {}
