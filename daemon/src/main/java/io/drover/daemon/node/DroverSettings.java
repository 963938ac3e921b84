package io.drover.daemon.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.drover.config.ConfigException;
import io.drover.config.ConfigProblem;
import io.drover.config.ConfigReader;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.scheduler.settings.SchedulerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of a node, read and validated at once: a node with one bad value does not start
 * half of its parts.
 *
 * @param resolved the whole tree, from which Pekko reads its own
 */
public record DroverSettings(
    NodeSettings node,
    ApiSettings api,
    ClusterSettings cluster,
    CoordinationSettings coordination,
    StorageSettings storage,
    AgentSettings agent,
    SchedulerSettings scheduler,
    Config resolved) {

  /** Reads a file on top of the defaults of all modules; Java system properties win over both. */
  public static DroverSettings load(Path file) throws ConfigException {
    if (!Files.isReadable(file)) {
      throw refused(file, 0, "cannot be read; give the path of a readable settings file");
    }
    Config resolved;
    try {
      Config own =
          ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
      resolved =
          ConfigFactory.defaultOverrides()
              .withFallback(own)
              .withFallback(ConfigFactory.defaultReferenceUnresolved())
              .resolve();
    } catch (com.typesafe.config.ConfigException malformed) {
      int line = malformed.origin() == null ? 0 : Math.max(0, malformed.origin().lineNumber());
      throw refused(file, line, String.valueOf(malformed.getMessage()));
    }
    return ConfigReader.read(resolved, root -> read(root, resolved));
  }

  private static DroverSettings read(ConfigReader root, Config resolved) {
    root.leave("pekko");
    NodeSettings node = NodeSettings.read(root);
    return new DroverSettings(
        node,
        ApiSettings.read(root),
        ClusterSettings.read(root),
        CoordinationSettings.read(root, node),
        StorageSettings.read(root, node),
        AgentSettings.read(root.section("drover").section("agent")),
        SchedulerSettings.read(root.section("drover").section("scheduler")),
        resolved);
  }

  private static ConfigException refused(Path file, int line, String why) {
    return new ConfigException(
        List.of(new ConfigProblem(file.toString(), line, "settings", Optional.empty(), why)));
  }
}
