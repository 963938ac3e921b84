package io.drover.hostagent.vm;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/** Where a VM's first instructions come from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = BootSource.Kernel.class, name = "kernel"),
  @JsonSubTypes.Type(value = BootSource.FirstDisk.class, name = "first-disk")
})
public sealed interface BootSource {

  /**
   * A kernel loaded by the hypervisor. The files must be found under the same path on every host
   * that may start the VM; a move does not read them.
   *
   * @param append the kernel's command line
   */
  record Kernel(String kernelPath, Optional<String> initrdPath, String append)
      implements BootSource {
    public Kernel {
      if (kernelPath.isBlank()) {
        throw new IllegalArgumentException("kernelPath '" + kernelPath + "' must not be blank");
      }
    }
  }

  /** The boot loader on the VM's first disk. */
  record FirstDisk() implements BootSource {}
}
