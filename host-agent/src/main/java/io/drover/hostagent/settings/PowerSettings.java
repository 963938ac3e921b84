package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How hosts are switched on and off. */
public record PowerSettings(
    Driver driver, Duration offGrace, Duration onTimeout, List<ProcessHost> hosts) {

  public enum Driver {
    NONE,
    PROCESS
  }

  /**
   * A host that is a process on this machine.
   *
   * @param command started without a shell
   * @param pidFile written by the process once it runs, holding its pid
   */
  public record ProcessHost(
      String host, List<String> command, Path directory, Path pidFile, Path logFile) {
    public ProcessHost {
      command = List.copyOf(command);
      if (command.isEmpty()) {
        throw new IllegalArgumentException("command of host " + host + " must not be empty");
      }
    }
  }

  public PowerSettings {
    hosts = List.copyOf(hosts);
  }

  static PowerSettings read(ConfigReader r) {
    List<ProcessHost> hosts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigReader h : r.sections("hosts")) {
      String host = Texts.required(h, "host");
      if (!names.add(host)) {
        h.reject("host", "a host that is not in the list already");
      }
      List<String> command = h.strings("command");
      if (command.isEmpty()) {
        h.reject("command", "a list of at least one string");
        command = List.of("false");
      }
      hosts.add(
          new ProcessHost(
              host,
              command,
              Path.of(Texts.required(h, "directory")),
              Path.of(Texts.required(h, "pid-file")),
              Path.of(Texts.required(h, "log-file"))));
    }
    return new PowerSettings(
        r.choice("driver", Driver.class),
        r.duration("off-grace", Duration.ofMillis(100), Duration.ofHours(1)),
        r.duration("on-timeout", Duration.ofSeconds(1), Duration.ofHours(1)),
        hosts);
  }
}
