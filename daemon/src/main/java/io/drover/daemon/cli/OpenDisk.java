package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.storage.transfer.TransferException;
import java.util.Map;
import java.util.function.IntConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A disk that is open by NBD on this machine for as long as a command copies. */
record OpenDisk(ApiClient api, String path, String uri) implements AutoCloseable {

  /** Work on the open disk that tells how far it is. */
  interface Copy {
    void run(String uri, IntConsumer percentReached) throws TransferException, InterruptedException;
  }

  /** Opens the disk, copies, and closes the disk again, whatever happens. */
  static void during(
      ApiClient api, String path, boolean showProgress, Cancellation cancellation, Copy copy)
      throws CliException, InterruptedException {
    JsonNode answer = api.post(path + "/attach", Map.of());
    try (OpenDisk attached = new OpenDisk(api, path, answer.path("uri").asText())) {
      cancellation.interruptible(() -> {
        if (showProgress) {
          withProgressBar(attached.uri(), copy);
        } else {
          copy.run(attached.uri(), percent -> {});
        }
      });
    }
  }

  private static void withProgressBar(String uri, Copy copy)
      throws TransferException, InterruptedException {
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("copying")
            .setInitialMax(100)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(250)
            .build()) {
      copy.run(uri, bar::stepTo);
    }
  }

  @Override
  public void close() throws CliException {
    try {
      api.post(path + "/detach", Map.of());
    } catch (CliException | InterruptedException stillAttached) {
      if (stillAttached instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw CliException.failed(
          "the disk is still attached: " + stillAttached.getMessage(),
          "`drover disk detach` ends that");
    }
  }
}
