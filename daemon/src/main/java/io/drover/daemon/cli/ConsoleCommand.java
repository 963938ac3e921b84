package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover vm console}: what a guest writes to its serial console. */
@Command(
    name = "console",
    description = "Shows what a guest has written to its serial console.",
    footer = {"", "Examples:", "  drover vm console web1", "  drover vm console web1 --follow"})
final class ConsoleCommand extends ApiCommand {
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);

  @Parameters(paramLabel = "VM", description = "Name or id.")
  private String vm = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until Ctrl-C; follows the VM to other hosts.")
  private boolean follow;

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      description = "How much of the end to show (default: ${DEFAULT-VALUE}).",
      defaultValue = "16K",
      converter = ByteSize.class)
  private long tailBytes;

  @Override
  void execute(ApiClient api) throws Exception {
    String path = "/v1/vms/" + ApiClient.part(vm) + "/console?";
    JsonNode answer = api.get(path + "tail=" + tailBytes);
    if (!follow) {
      if (!printedAsJson(answer)) {
        out().print(answer.path("text").asText());
        out().flush();
      }
      return;
    }
    while (true) {
      out().print(answer.path("text").asText());
      out().flush();
      Thread.sleep(BETWEEN_QUESTIONS);
      String host = answer.path("host").asText();
      JsonNode next =
          api.get(path + "from=" + answer.path("end").asLong() + "&host=" + ApiClient.part(host));
      if (!next.path("host").asText().equals(host)) {
        err().println("[" + vm + " is now on " + next.path("host").asText() + "]");
      }
      answer = next;
    }
  }
}
