package io.drover.daemon.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code drover mode}. */
@Command(
    name = "mode",
    description = "Sets how much the scheduler does by itself.",
    footer = {
      "",
      "Examples:",
      "  drover mode recommend    plans are shown; `drover plan --approve` carries one out",
      "  drover mode automatic"
    })
final class ModeCommand extends ApiCommand {
  enum Mode {
    AUTOMATIC,
    RECOMMEND,
    OFF
  }

  @Parameters(paramLabel = "MODE", description = "One of ${COMPLETION-CANDIDATES}.")
  private Mode mode = Mode.AUTOMATIC;

  @Override
  void execute(ApiClient api) throws Exception {
    follow(api, api.post("/v1/mode", Map.of("mode", mode.name().toLowerCase(Locale.ROOT))), false);
  }
}
