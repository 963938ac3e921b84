package io.drover.daemon.demo.site;

import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Remembers, below the source tree, which run there is: for {@code drover demo stop}, for the next
 * demo after one that was killed, and for commands that look for a node to ask.
 */
public final class RunRegister {
  private final Path folder;

  private RunRegister(Path folder) {
    this.folder = folder;
  }

  /** The register of this installation. */
  public static RunRegister here() {
    return new RunRegister(
        Path.of(System.getProperty("drover.home", ".")).resolve(".drover").resolve("demo"));
  }

  /** URLs of the nodes of the run, one a line; there only while there is a run. */
  public Path apiFile() {
    return folder.resolve("api");
  }

  private Path runFile() {
    return folder.resolve("run");
  }

  private Path demoFile() {
    return folder.resolve("pid");
  }

  /** The run that was entered last, if it was not struck out. */
  public Optional<RunFolder> run() throws IOException {
    if (!Files.isReadable(runFile())) {
      return Optional.empty();
    }
    return Optional.of(new RunFolder(Path.of(Files.readString(runFile()).strip())));
  }

  /** The demo that conducts the run; empty when the run was kept, or when its demo was killed. */
  public Optional<ProcessIdentity> conductor() throws IOException {
    if (!Files.isReadable(demoFile())) {
      return Optional.empty();
    }
    List<String> fields = List.of(Files.readString(demoFile()).strip().split(" ", -1));
    return Optional.of(
            new ProcessIdentity(
                Long.parseLong(fields.getFirst()), Long.parseLong(fields.getLast())))
        .filter(ProcessIdentity::alive);
  }

  /** Enters a run conducted by this process. */
  public void enter(RunFolder run, List<String> apis) throws IOException {
    Files.createDirectories(folder);
    ProcessIdentity self =
        ProcessIdentity.of(ProcessHandle.current().pid())
            .orElseThrow(() -> new IOException("/proc does not show this process"));
    Files.writeString(demoFile(), self.pid() + " " + self.startTicks() + "\n");
    Files.writeString(runFile(), run.root() + "\n");
    Files.writeString(apiFile(), String.join("\n", apis) + "\n");
  }

  /** The run goes on without a conductor. */
  public void keep() throws IOException {
    Files.deleteIfExists(demoFile());
  }

  /** There is no run any more. */
  public void strike() throws IOException {
    Files.deleteIfExists(apiFile());
    Files.deleteIfExists(demoFile());
    Files.deleteIfExists(runFile());
  }
}
