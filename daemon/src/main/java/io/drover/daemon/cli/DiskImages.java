package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.api.ApiException;
import io.drover.daemon.api.ApiJson;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Copies between image files and disks by {@code qemu-img}, which knows the formats and skips what
 * is not allocated.
 */
final class DiskImages {
  private static final Pattern PERCENT = Pattern.compile("\\((\\d+)\\.\\d+/100%\\)");

  private DiskImages() {}

  /**
   * What qemu-img says of a file.
   *
   * @param format such as raw or qcow2
   */
  record Image(String format, long sizeBytes) {}

  static Image inspect(Path file) throws CliException, InterruptedException {
    if (!Files.isReadable(file)) {
      throw CliException.wrongInput(
          "cannot read " + file, "give the path of an image file on this machine");
    }
    List<String> command = List.of("qemu-img", "info", "--output=json", file.toString());
    try {
      Process process = start(command);
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw CliException.wrongInput(
            file + " is not an image that qemu-img can read: " + text.strip(),
            "give a raw or qcow2 file");
      }
      JsonNode info = ApiJson.parse(text);
      return new Image(info.path("format").asText(), info.path("virtual-size").asLong());
    } catch (IOException | ApiException failed) {
      throw missing(failed);
    }
  }

  /** Copies; {@code -n} writes into a target that exists. */
  static void convert(
      String sourceFormat,
      String source,
      String targetFormat,
      String target,
      boolean targetExists,
      boolean showProgress)
      throws CliException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("qemu-img", "convert", "-p", "-f", sourceFormat, "-O", targetFormat));
    if (targetExists) {
      command.add("-n");
      // A new disk of ours reads as zeroes: what is zero in the image need not be written.
      command.add("--target-is-zero");
    }
    command.add(source);
    command.add(target);
    try {
      Process process = start(command);
      String output = showProgress ? withProgressBar(process) : read(process, percent -> {});
      if (process.waitFor() != 0) {
        throw CliException.failed(
            "qemu-img could not copy: " + output.strip(),
            "see `drover disk list` for the state of the disk's replicas");
      }
    } catch (IOException failed) {
      throw missing(failed);
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static CliException missing(Exception failed) {
    return CliException.failed(
        "qemu-img does not run: " + failed.getMessage(),
        "install Debian's package qemu-utils (scripts/install-packages demo)");
  }

  private static String withProgressBar(Process process) throws IOException {
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("copying")
            .setInitialMax(100)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(250)
            .build()) {
      return read(process, bar::stepTo);
    }
  }

  /**
   * Reads all output, taking the percentages out of it; returns the rest, which is what went wrong.
   */
  private static String read(Process process, IntConsumer percentSeen) throws IOException {
    StringBuilder rest = new StringBuilder();
    StringBuilder line = new StringBuilder();
    try (Reader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        if (c != '\r' && c != '\n') {
          line.append((char) c);
          continue;
        }
        Matcher matcher = PERCENT.matcher(line);
        if (matcher.find()) {
          percentSeen.accept(Integer.parseInt(matcher.group(1)));
        } else if (!line.isEmpty()) {
          rest.append(line).append('\n');
        }
        line.setLength(0);
      }
    }
    return rest.append(PERCENT.matcher(line).find() ? "" : line).toString();
  }
}
