package io.drover.daemon.api;

import java.util.List;
import java.util.Optional;

/** The other nodes' HTTP interfaces, to which a request can be passed on. */
public interface Peers {
  /** Id of this node. */
  String own();

  /** Base URL of a running node. */
  Optional<String> apiOf(String node) throws ApiException;

  /** Running nodes with a role (in lower case), by id. */
  List<String> withRole(String role) throws ApiException;
}
