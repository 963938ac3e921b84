package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.api.ApiJson;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands that ask a node have in common. */
@Command(mixinStandardHelpOptions = true)
abstract class ApiCommand implements Callable<Integer> {
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(250);

  @Mixin private ApiOptions options = new ApiOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The command's work; prints what it has to say. */
  abstract void execute(ApiClient api) throws Exception;

  @Override
  public final Integer call() throws Exception {
    execute(new ApiClient(options.urls()));
    return 0;
  }

  final boolean json() {
    return options.json();
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** A parse error of this command, found after parsing. */
  final picocli.CommandLine.ParameterException wrong(String message) {
    return new picocli.CommandLine.ParameterException(spec.commandLine(), message);
  }

  /** Prints an answer as JSON if asked to; otherwise the caller goes on to print it for people. */
  final boolean printedAsJson(JsonNode answer) {
    if (options.json()) {
      out().println(ApiJson.pretty(answer));
    }
    return options.json();
  }

  /** Prints what was done: the answer itself as JSON, or one line. */
  final void done(JsonNode answer, String line) {
    if (!printedAsJson(answer)) {
      out().println(line);
    }
  }

  /**
   * Follows an operation that the scheduler has accepted until it ends; fails with its own words
   * when it does.
   */
  final void follow(ApiClient api, JsonNode accepted, boolean wait)
      throws CliException, InterruptedException {
    String id = accepted.path("operationId").asText("");
    if (!wait || id.isEmpty()) {
      done(
          accepted,
          accepted.path("message").asText() + (id.isEmpty() ? "" : " (operation " + id + ")"));
      return;
    }
    String shown = "";
    while (true) {
      JsonNode operation = api.get("/v1/operations/" + ApiClient.part(id));
      String phase = operation.path("phase").asText();
      if (!json() && !phase.equals(shown)) {
        err().println("  " + phase);
        shown = phase;
      }
      if (operation.path("done").asBoolean()) {
        report(operation);
        return;
      }
      Thread.sleep(BETWEEN_QUESTIONS);
    }
  }

  private void report(JsonNode operation) throws CliException {
    String line =
        operation.path("kind").asText()
            + " of "
            + operation.path("subject").asText()
            + ": "
            + operation.path("message").asText();
    if (!operation.path("succeeded").asBoolean()) {
      printedAsJson(operation);
      throw CliException.failed(line, "`drover moves` and the nodes' logs tell more");
    }
    done(operation, line);
  }
}
