package io.drover.hostagent.vm;

/**
 * The virtual hardware a VM was made for. A running VM can only move between hosts that offer
 * exactly this platform.
 *
 * @param machineType versioned machine type of the hypervisor, such as {@code pc-i440fx-7.2}
 * @param cpuModel CPU model the guest sees
 */
public record VmPlatform(String machineType, String cpuModel, Accelerator accelerator) {
  public VmPlatform {
    requireText("machineType", machineType);
    requireText("cpuModel", cpuModel);
  }

  private static void requireText(String field, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(field + " '" + value + "' must not be blank");
    }
  }
}
