package io.drover.hostagent.vm;

import io.drover.storage.disk.DiskId;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The full description of a VM: everything a host needs to start it, except where its disks are
 * served.
 *
 * @param name chosen by the operator, unique in the cluster
 * @param disks in the order the guest sees them; the first is the one it boots from under {@link
 *     BootSource.FirstDisk}
 * @param mac lower-case, colon-separated; stays with the VM over moves and restarts
 */
public record VmSpec(
    VmId id,
    String name,
    int vcpus,
    int memoryMebibytes,
    BootSource boot,
    List<DiskId> disks,
    String mac,
    VmPlatform platform,
    VmMode mode,
    VmRequirements requirements) {
  public static final int MAX_VCPUS = 256;
  public static final int MIN_MEMORY_MEBIBYTES = 32;
  public static final int MAX_MEMORY_MEBIBYTES = 4 * 1024 * 1024;
  public static final int MAX_DISKS = 24;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");
  private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

  public VmSpec {
    disks = List.copyOf(disks);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("VM name '" + name + "' must match " + NAME);
    }
    requireRange("vcpus", vcpus, 1, MAX_VCPUS);
    requireRange("memoryMebibytes", memoryMebibytes, MIN_MEMORY_MEBIBYTES, MAX_MEMORY_MEBIBYTES);
    requireRange("number of disks", disks.size(), 0, MAX_DISKS);
    if (!MAC.matcher(mac).matches()) {
      throw new IllegalArgumentException("mac '" + mac + "' must match " + MAC);
    }
    if (boot instanceof BootSource.FirstDisk && disks.isEmpty()) {
      throw new IllegalArgumentException(
          "VM " + name + " boots from its first disk but has no disk");
    }
  }

  /**
   * A locally administered address derived from the id, so that it is stable without being handed
   * out by anyone.
   */
  public static String macFor(VmId id) {
    long bits = id.uuid().getLeastSignificantBits() ^ id.uuid().getMostSignificantBits();
    // 52:54:00 is the prefix guests and network tools know as a virtual machine's.
    return "52:54:00:%02x:%02x:%02x"
        .formatted((bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff);
  }

  /** The same VM in another mode. */
  public VmSpec withMode(VmMode other) {
    return new VmSpec(
        id, name, vcpus, memoryMebibytes, boot, disks, mac, platform, other, requirements);
  }

  private static void requireRange(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          field + " " + value + " must be from " + min + " to " + max);
    }
  }
}
