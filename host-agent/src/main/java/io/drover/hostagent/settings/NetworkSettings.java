package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How guests reach the network.
 *
 * @param namespace empty: the daemon's own
 */
public record NetworkSettings(Mode mode, String bridge, Optional<String> namespace) {
  // These become words of a script that runs as root.
  private static final Pattern INTERFACE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

  public enum Mode {
    AUTO,
    BRIDGE,
    USER,
    NONE
  }

  public NetworkSettings {
    require("bridge", bridge, INTERFACE);
    namespace.ifPresent(name -> require("namespace", name, NAMESPACE));
  }

  static NetworkSettings read(ConfigReader r) {
    String bridge = checked(r, "bridge", r.string("bridge"), INTERFACE, "drbr0");
    Optional<String> namespace =
        r.optionalString("namespace")
            .map(name -> checked(r, "namespace", name, NAMESPACE, "drover"));
    return new NetworkSettings(r.choice("mode", Mode.class), bridge, namespace);
  }

  private static String checked(
      ConfigReader r, String key, String value, Pattern accepted, String instead) {
    if (accepted.matcher(value).matches()) {
      return value;
    }
    r.reject(key, "a name that matches " + accepted);
    return instead;
  }

  private static void require(String field, String value, Pattern accepted) {
    if (!accepted.matcher(value).matches()) {
      throw new IllegalArgumentException(field + " '" + value + "' must match " + accepted);
    }
  }
}
