package io.drover.daemon.demo.load;

import java.time.Duration;
import java.util.List;

/**
 * The sizes that scripts are made for.
 *
 * @param hosts in order; only the last may sleep
 * @param hostMillicores CPU of one host
 * @param targetShare of a host's CPU that the scheduler lets its machines fill
 * @param sampleInterval how often demand is measured; a glitch is two of them long
 */
public record FleetShape(
    List<String> hosts, int hostMillicores, double targetShare, Duration sampleInterval) {
  public FleetShape {
    hosts = List.copyOf(hosts);
    if (hosts.size() != 4) {
      throw new IllegalArgumentException("hosts are " + hosts + "; the scripts are made for four");
    }
    if (hostMillicores < 100 || targetShare <= 0.5 || targetShare > 1) {
      throw new IllegalArgumentException(
          "hostMillicores %d must be at least 100 and targetShare %s above 0.5, to 1"
              .formatted(hostMillicores, targetShare));
    }
  }

  /** A share of one host's CPU, in millicores. */
  public int share(double share) {
    return (int) Math.round(share * hostMillicores);
  }

  /** What all hosts but the last hold together. */
  public int withoutLastMillicores() {
    return hostMillicores * (hosts.size() - 1);
  }
}
