package io.drover.hostagent.vm;

/** How guest instructions are run. A running VM cannot change it, so it is a hard affinity. */
public enum Accelerator {
  KVM,
  TCG
}
