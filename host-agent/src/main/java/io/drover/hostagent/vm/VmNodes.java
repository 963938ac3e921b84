package io.drover.hostagent.vm;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.util.Optional;

/**
 * Where VMs are in ZooKeeper, below the client's chroot, and how they are written there.
 *
 * <p>Public for the one writer beside the catalogue: the commit of a migration, which changes a
 * placement together with its intent.
 */
public final class VmNodes {
  static final String VMS = "/vms";
  static final String NAMES = "/vm-names";

  /** Unknown fields are passed over so that older nodes can read what newer ones wrote. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private VmNodes() {}

  /** What is stored of a placement; the VM is in the path and the revision is ZooKeeper's. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record StoredPlacement(
      Optional<String> host, long placementEpoch, DesiredState desired) {}

  /** The node of a VM's description. */
  public static String vm(VmId vm) {
    return VMS + "/" + vm.value();
  }

  /** The node of a VM's placement; its version is {@link VmPlacement#revision()}. */
  public static String placement(VmId vm) {
    return vm(vm) + "/placement";
  }

  static String name(String name) {
    return NAMES + "/" + name;
  }

  /** The content of a placement's node. */
  public static byte[] encode(VmPlacement placement) throws IOException {
    return JSON.writeValueAsBytes(
        new StoredPlacement(placement.host(), placement.placementEpoch(), placement.desired()));
  }

  /** The placement from its node. */
  public static VmPlacement decode(VmId vm, byte[] data, int revision) throws IOException {
    StoredPlacement stored = JSON.readValue(data, StoredPlacement.class);
    return new VmPlacement(vm, stored.host(), stored.placementEpoch(), stored.desired(), revision);
  }

  static byte[] encode(VmSpec spec) throws IOException {
    return JSON.writeValueAsBytes(spec);
  }

  static VmSpec decodeSpec(byte[] data) throws IOException {
    return JSON.readValue(data, VmSpec.class);
  }
}
