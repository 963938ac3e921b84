package io.drover.hostagent.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Starts processes that do not end with this one. */
public final class DetachedProcess {
  private DetachedProcess() {}

  /**
   * Starts a command in a session of its own, without input, its output appended to a file.
   *
   * @param environment added to this process's own
   * @throws IOException when the command cannot be run at all; a command that ends at once shows in
   *     {@link ProcessIdentity#alive()}
   */
  public static ProcessIdentity start(
      List<String> command, Path directory, Map<String, String> environment, Path log)
      throws IOException {
    Files.createDirectories(Objects.requireNonNull(log.toAbsolutePath().getParent()));
    List<String> detached = new ArrayList<>(command.size() + 1);
    // setsid replaces itself by the command when it leads no process group, which a fresh child
    // never does: the pid is the command's.
    detached.add("setsid");
    detached.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(detached)
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    return ProcessIdentity.of(process.pid())
        .orElseGet(() -> new ProcessIdentity(process.pid(), -1));
  }
}
