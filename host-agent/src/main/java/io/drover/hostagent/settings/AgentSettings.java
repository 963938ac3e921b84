package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;
import java.time.Duration;

/** Everything under {@code drover.agent}; the keys are explained in {@code reference.conf}. */
public record AgentSettings(
    Duration sampleInterval,
    HypervisorSettings hypervisor,
    MigrationSettings migration,
    SupervisionSettings supervision,
    NetworkSettings network,
    CapacitySettings capacity,
    PowerSettings power) {

  /** Reads the section; {@code agent} stands at {@code drover.agent}. */
  public static AgentSettings read(ConfigReader agent) {
    return new AgentSettings(
        agent.duration("sample-interval", Duration.ofMillis(100), Duration.ofMinutes(10)),
        HypervisorSettings.read(agent.section("hypervisor")),
        MigrationSettings.read(agent.section("migration")),
        SupervisionSettings.read(agent.section("supervision")),
        NetworkSettings.read(agent.section("network")),
        CapacitySettings.read(agent.section("capacity")),
        PowerSettings.read(agent.section("power")));
  }
}
