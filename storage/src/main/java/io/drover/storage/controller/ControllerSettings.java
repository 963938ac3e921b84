package io.drover.storage.controller;

import io.drover.config.ConfigReader;
import java.time.Duration;

/**
 * Times and bounds of disk controllers, section {@code drover.storage.controller}.
 *
 * @param leaseInterval a holder whose lease was not confirmed for this long answers no I/O; a new
 *     holder that could not fence all waits as long
 * @param replicaTimeout a replica that leaves an append or a fence unanswered for this long is
 *     failed
 * @param ioTimeout after which waiting I/O is answered with an error
 * @param openTimeout how long taking the lease may wait for the replicas
 * @param retryPause between two attempts to reach a replica, or the metadata
 * @param maxTailBytes records of one container kept for replay; writes wait beyond
 * @param fetchBytes size of one step of bringing a replica up to date
 */
public record ControllerSettings(
    Duration leaseInterval,
    Duration replicaTimeout,
    Duration ioTimeout,
    Duration openTimeout,
    Duration retryPause,
    long maxTailBytes,
    int fetchBytes) {
  private static final long MEBIBYTE = 1L << 20;

  /** A full record with its neighbours must fit, or a single write could wait for ever. */
  static final long LEAST_TAIL_BYTES = 4 * MEBIBYTE;

  public ControllerSettings {
    requirePositive("leaseInterval", leaseInterval);
    requirePositive("replicaTimeout", replicaTimeout);
    requirePositive("ioTimeout", ioTimeout);
    requirePositive("openTimeout", openTimeout);
    requirePositive("retryPause", retryPause);
    if (maxTailBytes < LEAST_TAIL_BYTES) {
      throw new IllegalArgumentException(
          "maxTailBytes " + maxTailBytes + ": accepted is " + LEAST_TAIL_BYTES + " or more");
    }
    if (fetchBytes < 1) {
      throw new IllegalArgumentException("fetchBytes " + fetchBytes + ": accepted is 1 or more");
    }
  }

  public static ControllerSettings read(ConfigReader section) {
    return new ControllerSettings(
        section.duration("lease-interval", Duration.ofMillis(500), Duration.ofMinutes(5)),
        section.duration("replica-timeout", Duration.ofMillis(50), Duration.ofMinutes(5)),
        section.duration("io-timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.duration("open-timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        section.duration("retry-pause", Duration.ofMillis(1), Duration.ofMinutes(1)),
        section.bytes("max-tail", LEAST_TAIL_BYTES, 1024 * MEBIBYTE),
        Math.toIntExact(section.bytes("fetch-size", 64 * 1024, 64 * MEBIBYTE)));
  }

  private static void requirePositive(String field, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(field + " " + value + ": accepted is more than 0");
    }
  }
}
