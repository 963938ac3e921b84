package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.network.HostNetwork;
import java.time.Duration;

/** A QEMU process that receives a migration. */
final class IncomingQemuVm extends QemuVm implements IncomingVm {
  private volatile String uri = "";

  IncomingQemuVm(
      ProcessRecord record, VmFiles files, Duration commandTimeout, HostNetwork network) {
    super(record, files, commandTimeout, network);
  }

  @Override
  public String migrationUri() {
    return uri;
  }

  /** Accepts one stream from now on, on a port that the kernel chooses. */
  void listen(String address) throws HypervisorException {
    ArrayNode capabilities = QmpMessage.JSON.createArrayNode();
    QemuMigration.CAPABILITIES.forEach(
        name -> capabilities.addObject().put("capability", name).put("state", true));
    execute("migrate-set-capabilities", arguments().set("capabilities", capabilities));
    String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    execute("migrate-incoming", arguments().put("uri", "tcp:" + host + ":0"));
    int port =
        migrationInfo()
            .listeningPort()
            .orElseThrow(() ->
                new HypervisorException(
                    Reason.CANNOT_START,
                    "VM " + id() + " does not say on which port it waits for its memory"));
    uri = "tcp:" + host + ":" + port;
  }
}
