package io.drover.hostagent.qemu;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What is kept of a running QEMU for the next daemon.
 *
 * @param uuid what its monitor must answer
 * @param bootId of the kernel under which pid and start time mean something
 * @param tap its network device, empty if it has none
 * @param incoming whether it was started to receive a migration
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ProcessRecord(
    String vm,
    String uuid,
    long placementEpoch,
    long pid,
    long startTicks,
    String bootId,
    String tap,
    boolean incoming) {
  private static final ObjectMapper JSON = new ObjectMapper();

  ProcessIdentity process() {
    return new ProcessIdentity(pid, startTicks);
  }

  static ProcessRecord read(Path file) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), ProcessRecord.class);
  }

  /** Appears whole or not at all. */
  void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, JSON.writeValueAsBytes(this));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
