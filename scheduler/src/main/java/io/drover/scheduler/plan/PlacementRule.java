package io.drover.scheduler.plan;

import java.util.Set;

/** A rule of an operator that no action may break. */
public sealed interface PlacementRule {
  Set<String> vms();

  /** All of the machines on one host. */
  record Together(Set<String> vms) implements PlacementRule {
    public Together {
      vms = Set.copyOf(vms);
    }
  }

  /** No two of the machines on one host. */
  record Apart(Set<String> vms) implements PlacementRule {
    public Apart {
      vms = Set.copyOf(vms);
    }
  }

  /** The machines only on these hosts. */
  record OnlyOn(Set<String> vms, Set<String> hosts) implements PlacementRule {
    public OnlyOn {
      vms = Set.copyOf(vms);
      hosts = Set.copyOf(hosts);
    }
  }

  /** The machines never on these hosts. */
  record NeverOn(Set<String> vms, Set<String> hosts) implements PlacementRule {
    public NeverOn {
      vms = Set.copyOf(vms);
      hosts = Set.copyOf(hosts);
    }
  }
}
