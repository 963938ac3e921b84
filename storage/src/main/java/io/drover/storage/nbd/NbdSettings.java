package io.drover.storage.nbd;

import io.drover.config.ConfigReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits of the NBD server, section {@code drover.storage.nbd}.
 *
 * @param tcpAddress where to listen for TCP; empty means Unix sockets only
 * @param maxRequestBytes longest read or write that is served; told to clients
 * @param maxInFlightRequests requests of one connection that may be under way
 * @param maxInFlightBytes payload bytes of one connection that may be held in memory
 * @param maxHeldBytes payload bytes of all connections that may be held in memory, less a small
 *     part that each connection has for itself
 * @param maxConnections connections of one Unix socket, and of the TCP address; further ones are
 *     closed at once
 * @param handshakeTimeout a client that has not chosen an export by then is disconnected
 * @param messageTimeout a client that needs longer to finish one request that it began, or to take
 *     one reply, is disconnected
 * @param drainTimeout how long closing waits for requests under way
 */
public record NbdSettings(
    Optional<InetSocketAddress> tcpAddress,
    int maxRequestBytes,
    int maxInFlightRequests,
    int maxInFlightBytes,
    int maxHeldBytes,
    int maxConnections,
    Duration handshakeTimeout,
    Duration messageTimeout,
    Duration drainTimeout) {

  static final int MIN_REQUEST_BYTES = 64 * 1024;
  static final int MAX_REQUEST_BYTES = 32 * 1024 * 1024;
  private static final int MAX_HELD_BYTES = 1 << 30;
  private static final int MEBIBYTE = 1 << 20;

  public NbdSettings {
    requireRange("maxRequestBytes", maxRequestBytes, MIN_REQUEST_BYTES, MAX_REQUEST_BYTES);
    requireRange("maxInFlightRequests", maxInFlightRequests, 1, 4096);
    requireRange("maxInFlightBytes", maxInFlightBytes, maxRequestBytes, MAX_HELD_BYTES);
    requireRange("maxHeldBytes", maxHeldBytes, maxInFlightBytes, MAX_HELD_BYTES);
    requireRange("maxConnections", maxConnections, 1, 65_536);
    requirePositive("handshakeTimeout", handshakeTimeout);
    requirePositive("messageTimeout", messageTimeout);
    requirePositive("drainTimeout", drainTimeout);
  }

  /** Unix sockets only, with limits that suit a host of some dozen VMs. */
  public static NbdSettings defaults() {
    return new NbdSettings(
        Optional.empty(),
        4 * MEBIBYTE,
        128,
        8 * MEBIBYTE,
        48 * MEBIBYTE,
        64,
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofSeconds(10));
  }

  /**
   * Reads the section.
   *
   * @param nodeAddress of this node, which is listened on by default if only this machine reaches
   *     it; whether it is an address at all is not judged here
   */
  public static NbdSettings read(ConfigReader section, String nodeAddress) {
    int maxRequestBytes = (int) section.bytes("max-request", MIN_REQUEST_BYTES, MAX_REQUEST_BYTES);
    int maxInFlightBytes = (int) section.bytes("max-in-flight", maxRequestBytes, MAX_HELD_BYTES);
    return new NbdSettings(
        readTcpAddress(section, nodeAddress),
        maxRequestBytes,
        section.integer("max-in-flight-requests", 1, 4096),
        maxInFlightBytes,
        (int) section.bytes("max-held", maxInFlightBytes, MAX_HELD_BYTES),
        section.integer("max-connections", 1, 65_536),
        section.duration("handshake-timeout", Duration.ofMillis(50), Duration.ofMinutes(5)),
        section.duration("message-timeout", Duration.ofMillis(50), Duration.ofHours(1)),
        section.duration("drain-timeout", Duration.ofMillis(1), Duration.ofMinutes(5)));
  }

  private static Optional<InetSocketAddress> readTcpAddress(
      ConfigReader section, String nodeAddress) {
    int port = section.integer("tcp-port", 0, 65_535);
    String address = section.string("tcp-address");
    if (!section.flag("tcp")) {
      return Optional.empty();
    }
    if (address.isEmpty()) {
      InetAddress unasked =
          resolve(nodeAddress)
              .filter(InetAddress::isLoopbackAddress)
              .orElse(InetAddress.getLoopbackAddress());
      return Optional.of(new InetSocketAddress(unasked, port));
    }
    Optional<InetAddress> asked = resolve(address);
    if (asked.isEmpty()) {
      section.reject("tcp-address", "an address of this machine, or \"\"");
    }
    return asked.map(found -> new InetSocketAddress(found, port));
  }

  private static Optional<InetAddress> resolve(String address) {
    try {
      return Optional.of(InetAddress.getByName(address));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  public NbdSettings withTcpAddress(InetSocketAddress address) {
    return new NbdSettings(
        Optional.of(address),
        maxRequestBytes,
        maxInFlightRequests,
        maxInFlightBytes,
        maxHeldBytes,
        maxConnections,
        handshakeTimeout,
        messageTimeout,
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
