package io.drover.hostagent.hypervisor;

/** Disk traffic of a VM since its process started. */
public record DiskCounters(
    long readBytes, long writtenBytes, long readRequests, long writeRequests) {}
