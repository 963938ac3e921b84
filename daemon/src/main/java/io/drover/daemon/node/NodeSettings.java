package io.drover.daemon.node;

import io.drover.config.ConfigReader;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Who a node is and where it keeps its things ({@code drover.node}).
 *
 * @param id unique in the cluster; also the holder name in leases
 * @param address where the other nodes reach it
 * @param roles what it does; at least one
 * @param dataDir everything that must survive a restart
 * @param runDir sockets, the pid file and the ready file
 */
public record NodeSettings(String id, String address, Set<Role> roles, Path dataDir, Path runDir) {
  private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Copies the roles. */
  public NodeSettings {
    roles = Set.copyOf(roles);
  }

  /** Reads {@code drover.node}. */
  public static NodeSettings read(ConfigReader root) {
    ConfigReader r = root.section("drover").section("node");
    String id = r.string("id");
    if (!ID.matcher(id).matches()) {
      r.reject("id", "1 to 63 lower-case letters, digits and inner hyphens, such as \"host1\"");
    }
    String address = r.string("address");
    if (address.isBlank()) {
      r.reject("address", "an address of this machine");
    }
    Set<Role> roles = new TreeSet<>(r.choices("roles", Role.class));
    if (roles.isEmpty()) {
      r.reject("roles", "at least one of coordination, storage, agent, scheduler");
    }
    if (roles.isEmpty() || roles.size() != r.strings("roles").size()) {
      // Refused anyway; what follows from the roles must not be complained about, too.
      roles = EnumSet.allOf(Role.class);
    }
    Path dataDir = Path.of(r.string("data-dir")).toAbsolutePath().normalize();
    Path runDir = Path.of(r.string("run-dir")).toAbsolutePath().normalize();
    // A Unix socket's path is limited to 107 bytes, and ours stand in here with the id of a disk as
    // their name.
    if (runDir.toString().length() > 56) {
      r.reject("run-dir", "a path of at most 56 characters, because sockets are made in it");
    }
    return new NodeSettings(id, address, roles, dataDir, runDir);
  }

  /** Whether the node has a role. */
  public boolean has(Role role) {
    return roles.contains(role);
  }
}
