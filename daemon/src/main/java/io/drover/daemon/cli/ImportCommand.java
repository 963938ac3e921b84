package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover disk import}. */
@Command(
    name = "import",
    description = "Makes a disk out of an image file (raw, qcow2, ...) on this machine.",
    footer = {
      "",
      "Examples:",
      "  drover disk import debian-12.qcow2 web1-root",
      "  drover disk import debian-12.qcow2 web1-root --size 20G"
    })
final class ImportCommand extends ApiCommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
  private Path file = Path.of("");

  @Parameters(index = "1", paramLabel = "NAME", description = "Name of the new disk.")
  private String name = "";

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "Size of the disk, if it is to be larger than the image.",
      converter = ByteSize.class,
      defaultValue = "0")
  private long sizeBytes;

  @Mixin private DiskCommand.PolicyOptions policy = new DiskCommand.PolicyOptions();

  @Override
  void execute(ApiClient api) throws Exception {
    DiskImages.Image image = DiskImages.inspect(file);
    if (sizeBytes != 0 && sizeBytes < image.sizeBytes()) {
      throw wrong("--size is " + sizeBytes + ", but the image has " + image.sizeBytes() + " bytes");
    }
    long wanted = Math.max(sizeBytes, image.sizeBytes());
    long block = policy.blockSizeBytes();
    long rounded = (wanted + block - 1) / block * block;
    JsonNode created = api.post("/v1/disks", policy.request(name, rounded));
    String path = "/v1/disks/" + ApiClient.part(created.path("id").asText());
    try (ImportExport attached = ImportExport.attach(api, path)) {
      DiskImages.convert(image.format(), file.toString(), "raw", attached.uri(), true, !json());
    } catch (Exception failed) {
      api.delete(path);
      throw failed;
    }
    done(api.get(path), "disk " + name + " made from " + file + " (" + Show.bytes(rounded) + ")");
  }

  /** An attachment that ends with the command, also when the command is interrupted. */
  record ImportExport(ApiClient api, String path, String uri, Thread hook)
      implements AutoCloseable {

    static ImportExport attach(ApiClient api, String path)
        throws CliException, InterruptedException {
      JsonNode attached = api.post(path + "/attach", Map.of());
      Thread hook =
          new Thread(() -> {
            try {
              api.post(path + "/detach", Map.of());
            } catch (CliException | InterruptedException stillAttached) {
              System.err.println(
                  "drover: the disk is still attached; `drover disk detach` ends that ("
                      + stillAttached.getMessage()
                      + ")");
            }
          });
      Runtime.getRuntime().addShutdownHook(hook);
      return new ImportExport(api, path, attached.path("uri").asText(), hook);
    }

    @Override
    public void close() throws CliException {
      Runtime.getRuntime().removeShutdownHook(hook);
      try {
        api.post(path + "/detach", Map.of());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw CliException.failed(
            "interrupted; the disk is still attached", "`drover disk detach` ends that");
      }
    }
  }
}
