package io.drover.daemon.node;

import io.drover.daemon.api.ApiException;
import io.drover.daemon.api.Peers;
import java.util.List;
import java.util.Optional;

/** The running nodes by their registrations in ZooKeeper. */
record RegistryPeers(String own, NodeRegistry registry) implements Peers {

  @Override
  public Optional<String> apiOf(String node) throws ApiException {
    try {
      return registry.find(node).map(NodeRegistry.Entry::api);
    } catch (Exception outOfReach) {
      throw unavailable(outOfReach);
    }
  }

  @Override
  public List<String> withRole(String role) throws ApiException {
    try {
      return registry.all().stream()
          .filter(entry -> entry.roles().contains(role))
          .map(NodeRegistry.Entry::id)
          .toList();
    } catch (Exception outOfReach) {
      throw unavailable(outOfReach);
    }
  }

  private ApiException unavailable(Exception cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return ApiException.unavailable(
        "node " + own + " cannot read the list of nodes: " + cause,
        "more than half of the coordination nodes must run");
  }
}
