package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.storage.transfer.ImageFile;
import io.drover.storage.transfer.ImageTransfer;
import io.drover.storage.transfer.ImageTransfer.Target;
import io.drover.storage.transfer.TransferException;
import java.nio.file.Path;
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
    ImageFile image = inspect();
    if (sizeBytes != 0 && sizeBytes < image.sizeBytes()) {
      throw wrong("--size is " + sizeBytes + ", but the image has " + image.sizeBytes() + " bytes");
    }
    long wanted = Math.max(sizeBytes, image.sizeBytes());
    long block = policy.blockSizeBytes();
    if (block == 0) {
      throw wrong("--block-size is 0, want a power of two from 512 to 65536");
    }
    long rounded = (wanted + block - 1) / block * block;
    try (Cancellation cancellation = Cancellation.begin()) {
      JsonNode created = api.post("/v1/disks", policy.request(name, rounded));
      String path = "/v1/disks/" + ApiClient.part(created.path("id").asText());
      try {
        OpenDisk.during(
            api,
            path,
            !json(),
            cancellation,
            (uri, percentReached) ->
                ImageTransfer.importImage(image, uri, Target.EMPTY, percentReached));
      } catch (CliException | InterruptedException failed) {
        takeBack(api, path, failed);
        throw failed;
      }
      done(api.get(path), "disk " + name + " made from " + file + " (" + Show.bytes(rounded) + ")");
    }
  }

  private ImageFile inspect() throws CliException, InterruptedException {
    try {
      return ImageTransfer.inspect(file);
    } catch (TransferException refused) {
      throw CliException.of(refused);
    }
  }

  private void takeBack(ApiClient api, String path, Exception failed) {
    try {
      api.delete(path);
    } catch (CliException | InterruptedException kept) {
      if (kept instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      failed.addSuppressed(kept);
      err()
          .println(
              "drover: disk "
                  + name
                  + " holds a part of the image and could not be deleted ("
                  + kept.getMessage()
                  + "); `drover disk delete` does that");
    }
  }
}
