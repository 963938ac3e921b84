package io.drover.hostagent.host;

import java.time.Duration;
import java.time.Instant;

/**
 * What the cluster remembers of a host.
 *
 * @param thenStandby a draining host is powered off once it is empty; otherwise an operator drained
 *     it and it stays on
 * @param since when it came into this state
 * @param bootDuration from power-on to the first report, as last measured; zero if never
 * @param traits as last reported, so that a sleeping host can be reckoned with
 * @param revision of the stored record; what {@link HostCatalog#change} compares with
 */
public record HostRecord(
    String host,
    HostPower power,
    boolean thenStandby,
    Instant since,
    Duration bootDuration,
    HostTraits traits,
    int revision) {

  /** A host that nobody knew until now. */
  public static HostRecord discovered(String host, HostTraits traits, Instant now) {
    return new HostRecord(host, HostPower.ON, false, now, Duration.ZERO, traits, -1);
  }

  /** The same host in another state from {@code now} on. */
  public HostRecord to(HostPower next, boolean standbyAfterwards, Instant now) {
    return new HostRecord(host, next, standbyAfterwards, now, bootDuration, traits, revision);
  }

  /** The same with a measured boot time. */
  public HostRecord booted(Duration measured) {
    return new HostRecord(host, power, thenStandby, since, measured, traits, revision);
  }

  /** The same with other traits. */
  public HostRecord with(HostTraits reported) {
    return new HostRecord(host, power, thenStandby, since, bootDuration, reported, revision);
  }

  /** Whether machines may be started on or moved to it. */
  public boolean takesVms() {
    return power == HostPower.ON;
  }
}
