package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.storage.transfer.ImageFormat;
import io.drover.storage.transfer.ImageTransfer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover disk export}. */
@Command(
    name = "export",
    description =
        "Copies a disk that no VM uses, or a snapshot of any disk, to an image file on this machine.",
    footer = {
      "",
      "Examples:",
      "  drover disk export web1-root web1.qcow2",
      "  drover disk export web1-root --snapshot before-upgrade web1.raw --format raw"
    })
final class ExportCommand extends ApiCommand {
  @Parameters(index = "0", paramLabel = "DISK", description = "Name or id.")
  private String disk = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "The file to write.")
  private Path file = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "qcow2")
  private ImageFormat format = ImageFormat.QCOW2;

  @Option(
      names = "--snapshot",
      paramLabel = "NAME",
      description = "Copy this snapshot instead of the current content.",
      defaultValue = "")
  private String snapshot = "";

  @Option(names = "--overwrite", description = "Replace the file if it exists.")
  private boolean overwrite;

  @Override
  void execute(ApiClient api) throws Exception {
    if (Files.exists(file) && !overwrite) {
      throw wrong(file + " exists; add --overwrite to replace it");
    }
    String path = "/v1/disks/" + ApiClient.part(disk);
    try (Cancellation cancellation = Cancellation.begin()) {
      if (snapshot.isEmpty()) {
        copy(api, path, cancellation);
      } else {
        // A snapshot is read through a clone, which costs nothing and disturbs nobody.
        String name = "export-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        JsonNode clone = api.post(path + "/clone", Map.of("snapshot", snapshot, "name", name));
        String clonePath = "/v1/disks/" + ApiClient.part(clone.path("id").asText());
        try {
          copy(api, clonePath, cancellation);
        } finally {
          api.delete(clonePath);
        }
      }
    }
    done(api.get(path), "disk " + disk + " copied to " + file);
  }

  private void copy(ApiClient api, String path, Cancellation cancellation)
      throws CliException, InterruptedException {
    OpenDisk.during(
        api,
        path,
        !json(),
        cancellation,
        (uri, percentReached) ->
            ImageTransfer.exportImage(uri, file, format, overwrite, percentReached));
  }
}
