package io.drover.hostagent.hypervisor;

/** Network traffic of a VM since its process started, from the guest's side. */
public record NetCounters(long receivedBytes, long transmittedBytes) {}
