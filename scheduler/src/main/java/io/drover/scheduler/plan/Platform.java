package io.drover.scheduler.plan;

/**
 * What a guest was started with and can only go on with; an empty string asks for nothing.
 *
 * @param accelerator for example {@code tcg} or {@code kvm}
 */
public record Platform(String accelerator, String machineType, String cpuModel) {
  public static final Platform ANY = new Platform("", "", "");

  /** Why a machine with this platform cannot run on a host with that one; empty when it can. */
  public String conflictWith(Platform host) {
    if (differs(accelerator, host.accelerator)) {
      return "needs accelerator " + accelerator + ", host has " + host.accelerator;
    }
    if (differs(machineType, host.machineType)) {
      return "needs machine type " + machineType + ", host has " + host.machineType;
    }
    if (differs(cpuModel, host.cpuModel)) {
      return "needs CPU model " + cpuModel + ", host has " + host.cpuModel;
    }
    return "";
  }

  private static boolean differs(String wanted, String offered) {
    return !wanted.isEmpty() && !offered.isEmpty() && !wanted.equals(offered);
  }
}
