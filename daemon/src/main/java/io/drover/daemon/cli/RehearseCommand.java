package io.drover.daemon.cli;

import io.drover.daemon.node.DroverNode;
import io.drover.daemon.node.DroverSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code drover rehearse}: the run in which the build records which classes a node loads. */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Starts a node in a new folder, asks it something, and stops it.")
final class RehearseCommand implements Callable<Integer> {
  private static final int PORTS = 6;

  @Parameters(paramLabel = "FOLDER", description = "A folder that does not exist yet.")
  private Path folder = Path.of("rehearsal");

  @Override
  public Integer call() throws Exception {
    Files.createDirectory(folder);
    Path file = Files.writeString(folder.resolve("drover.conf"), settings(freePorts()));
    try (DroverNode node = DroverNode.start(DroverSettings.load(file))) {
      ApiClient api = new ApiClient(List.of(node.url()));
      api.get("/v1/health");
      api.get("/v1/nodes");
    }
    return 0;
  }

  private String settings(List<Integer> ports) {
    return """
    drover.node { id = rehearsal, data-dir = "%s/data", run-dir = "%s/run" }
    drover.api.port = %d
    drover.cluster.port = %d
    drover.coordination.peers = [{ id = rehearsal, address = "127.0.0.1", client-port = %d, quorum-port = %d, election-port = %d }]
    drover.storage.replica.port = %d
    drover.storage.nbd.tcp-port = 0
    """
        .formatted(
            folder.toAbsolutePath(),
            folder.toAbsolutePath(),
            ports.get(0),
            ports.get(1),
            ports.get(2),
            ports.get(3),
            ports.get(4),
            ports.get(5));
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < PORTS; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
