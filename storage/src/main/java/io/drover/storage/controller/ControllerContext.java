package io.drover.storage.controller;

import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.replica.ReplicaDirectory;

/**
 * What all controllers of a process share.
 *
 * @param localNode whose replicas are read first
 */
public record ControllerContext(
    String localNode,
    ControllerSettings settings,
    DiskMetadata metadata,
    ReplicaDirectory replicas,
    DiskMetrics metrics) {}
