package io.drover.hostagent.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.process.ShortCommand;
import io.drover.hostagent.settings.NetworkSettings;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This host's network as guests are plugged into it. Blocking; safe for use by many threads. */
public final class HostNetwork {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.network");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);

  /** All VMs of a host are sampled in one go; one reading serves them all. */
  private static final long READING_LASTS_NANOS = Duration.ofMillis(200).toNanos();

  private final NetworkSettings settings;
  private final String host;
  private final Path upScript;
  private String toldReason = "";
  private Map<String, NetCounters> reading = Map.of();
  private long readAtNanos;
  private boolean everRead;

  private HostNetwork(NetworkSettings settings, String host, Path upScript) {
    this.settings = settings;
    this.host = host;
    this.upScript = upScript;
  }

  /**
   * Writes the script that puts taps on the bridge.
   *
   * @param dataDir where the script is kept; running machines refer to it
   */
  public static HostNetwork open(NetworkSettings settings, String host, Path dataDir)
      throws IOException {
    Files.createDirectories(dataDir);
    Path script = dataDir.resolve("tap-up");
    Path fresh = dataDir.resolve("tap-up.new");
    Files.writeString(fresh, upScript(settings));
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
    Files.move(fresh, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new HostNetwork(settings, host, script.toAbsolutePath());
  }

  /** The settings' names are checked by their record, so that they are single words here. */
  static String upScript(NetworkSettings settings) {
    StringBuilder script =
        new StringBuilder(
            """
            #!/bin/sh
            # Written by Drover: puts the tap of a new machine on the bridge.
            set -eu
            PATH=/usr/sbin:/usr/bin:/sbin:/bin
            """);
    String in = "";
    if (settings.namespace().isPresent()) {
      // The hypervisor holds the tap open by its descriptor, which follows no namespace.
      script
          .append("ip link set dev \"$1\" netns ")
          .append(settings.namespace().get())
          .append('\n');
      in = " -netns " + settings.namespace().get();
    }
    // A bridge without an address of its own takes its ports' lowest. If that came and went with
    // machines, all others would send to an address that is gone until they ask for it again.
    script.append(
        """
        address=fe$(printf '%s' "${1#dr}" | sed 's/\\(..\\)/:\\1/g' | cut -c1-15)
        """);
    script.append("ip").append(in).append(" link set dev \"$1\" address \"$address\" master ");
    script.append(settings.bridge()).append('\n');
    script.append("ip").append(in).append(" link set dev \"$1\" up\n");
    return script.toString();
  }

  /**
   * What the network card of one process of a VM is plugged into.
   *
   * @throws IOException when the settings demand a bridge and there can be no tap on it
   */
  public GuestLink linkFor(VmId vm, long placementEpoch) throws IOException {
    return switch (settings.mode()) {
      case NONE -> new GuestLink.Unplugged();
      case USER -> new GuestLink.UserMode();
      case BRIDGE -> {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
          throw new IOException(
              "no tap on bridge " + settings.bridge() + " is possible: " + obstacle.get());
        }
        yield tap(vm, placementEpoch);
      }
      case AUTO -> {
        Optional<String> obstacle = obstacle();
        tell(obstacle.orElse("none"));
        yield obstacle.isPresent() ? new GuestLink.UserMode() : tap(vm, placementEpoch);
      }
    };
  }

  /**
   * Traffic through a tap since it was made, from the guest's side.
   *
   * @return empty when there is no such device
   */
  public synchronized Optional<NetCounters> counters(String device) {
    if (!everRead || System.nanoTime() - readAtNanos > READING_LASTS_NANOS) {
      reading = read();
      readAtNanos = System.nanoTime();
      everRead = true;
    }
    return Optional.ofNullable(reading.get(device));
  }

  private GuestLink.Tap tap(VmId vm, long placementEpoch) {
    return new GuestLink.Tap(deviceName(host, vm, placementEpoch), upScript);
  }

  /** Unique per host, VM and epoch, and within the 15 characters the kernel allows. */
  static String deviceName(String host, VmId vm, long placementEpoch) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((host + "/" + vm.value() + "/" + placementEpoch).getBytes(UTF_8));
      return "dr" + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private Optional<String> obstacle() throws IOException {
    Optional<String> noRight =
        TapRights.missing(
            Files.readString(Path.of("/proc/self/status")), settings.namespace().isPresent());
    if (noRight.isPresent()) {
      return noRight;
    }
    if (!Files.isWritable(Path.of("/dev/net/tun"))) {
      return Optional.of("/dev/net/tun cannot be written");
    }
    List<String> look = ip("link", "show", "dev", settings.bridge(), "type", "bridge");
    ShortCommand.Outcome outcome = ShortCommand.run(look, COMMAND_LIMIT);
    return outcome.ok() && !outcome.output().isEmpty()
        ? Optional.empty()
        : Optional.of("there is no bridge: " + String.join(" ", look) + ": " + outcome.output());
  }

  private synchronized void tell(String obstacle) {
    if (!obstacle.equals(toldReason)) {
      toldReason = obstacle;
      LOG.atInfo()
          .addKeyValue("node", host)
          .log(
              obstacle.equals("none")
                  ? "guests are plugged into bridge {}"
                  : "guests get user-mode networking, not bridge {}: " + obstacle,
              settings.bridge());
    }
  }

  private Map<String, NetCounters> read() {
    try {
      ShortCommand.Outcome outcome =
          ShortCommand.run(ip("-json", "-stats", "link", "show"), COMMAND_LIMIT);
      if (!outcome.ok()) {
        throw new IOException(outcome.output());
      }
      return parseCounters(JSON.readTree(outcome.output()));
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("node", host)
          .log("cannot read the taps' counters: {}", e.toString());
      return Map.of();
    }
  }

  /** What a guest receives its tap transmits. */
  static Map<String, NetCounters> parseCounters(@Nullable JsonNode links) {
    Map<String, NetCounters> counters = new HashMap<>();
    if (links != null) {
      for (JsonNode link : links) {
        JsonNode stats = link.path("stats64");
        counters.put(
            link.path("ifname").asText(),
            new NetCounters(
                stats.path("tx").path("bytes").asLong(), stats.path("rx").path("bytes").asLong()));
      }
    }
    return Map.copyOf(counters);
  }

  private List<String> ip(String... words) {
    List<String> command = new ArrayList<>();
    command.add("ip");
    settings.namespace().ifPresent(name -> command.addAll(List.of("-netns", name)));
    command.addAll(List.of(words));
    return command;
  }
}
