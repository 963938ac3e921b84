package io.drover.daemon.cli;

import io.drover.daemon.demo.site.RunRegister;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that asks a node. */
final class ApiOptions {
  static final String DEFAULT_URL = "http://127.0.0.1:7600";

  @Option(
      names = "--api",
      paramLabel = "URL",
      description =
          "A node to ask; any will do. Default: $DROVER_API, else a demo kept running, else "
              + DEFAULT_URL
              + ".")
  private @Nullable String url;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  boolean json() {
    return json;
  }

  /** Nodes to ask, in this order, until one answers. */
  List<String> urls() throws CliException {
    if (url != null) {
      return List.of(checked(url));
    }
    String environment = System.getenv("DROVER_API");
    if (environment != null && !environment.isBlank()) {
      return java.util.Arrays.stream(environment.split(",", -1)).map(String::strip).toList();
    }
    List<String> demo = keptDemo();
    return demo.isEmpty() ? List.of(DEFAULT_URL) : demo;
  }

  private static String checked(String url) throws CliException {
    if (!url.matches("https?://[^/\\s]+(/.*)?")) {
      throw CliException.wrongInput(
          "'" + url + "' is not a URL", "give something like --api " + DEFAULT_URL);
    }
    return url;
  }

  private static List<String> keptDemo() {
    // Written by a demo, while it runs and when it is left running: its nodes' URLs, one a line.
    Path file = RunRegister.here().apiFile();
    if (!Files.isReadable(file)) {
      return List.of();
    }
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException vanished) {
      return List.of();
    }
  }
}
