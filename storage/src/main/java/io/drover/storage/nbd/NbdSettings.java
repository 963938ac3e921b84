package io.drover.storage.nbd;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits of the NBD server.
 *
 * @param tcpAddress where to listen for TCP; empty means Unix sockets only
 * @param maxRequestBytes longest read or write that is served; told to clients
 * @param maxInFlightRequests requests of one connection that may be under way
 * @param maxInFlightBytes payload bytes of one connection that may be held in memory
 * @param maxConnections connections of the whole server; further ones are closed at once
 * @param handshakeTimeout a client that has not chosen an export by then is disconnected
 * @param drainTimeout how long closing waits for requests under way
 */
public record NbdSettings(
    Optional<InetSocketAddress> tcpAddress,
    int maxRequestBytes,
    int maxInFlightRequests,
    int maxInFlightBytes,
    int maxConnections,
    Duration handshakeTimeout,
    Duration drainTimeout) {

  static final int MIN_REQUEST_BYTES = 64 * 1024;
  static final int MAX_REQUEST_BYTES = 32 * 1024 * 1024;

  public NbdSettings {
    requireRange("maxRequestBytes", maxRequestBytes, MIN_REQUEST_BYTES, MAX_REQUEST_BYTES);
    requireRange("maxInFlightRequests", maxInFlightRequests, 1, 4096);
    requireRange("maxInFlightBytes", maxInFlightBytes, maxRequestBytes, 1 << 30);
    requireRange("maxConnections", maxConnections, 1, 65_536);
    requirePositive("handshakeTimeout", handshakeTimeout);
    requirePositive("drainTimeout", drainTimeout);
  }

  /** Unix sockets only, with limits that suit a host of some dozen VMs. */
  public static NbdSettings defaults() {
    return new NbdSettings(
        Optional.empty(),
        MAX_REQUEST_BYTES,
        128,
        MAX_REQUEST_BYTES,
        1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10));
  }

  public NbdSettings withTcpAddress(InetSocketAddress address) {
    return new NbdSettings(
        Optional.of(address),
        maxRequestBytes,
        maxInFlightRequests,
        maxInFlightBytes,
        maxConnections,
        handshakeTimeout,
        drainTimeout);
  }

  private static void requireRange(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + min + " to " + max);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " is " + value + ", must be positive");
    }
  }
}
