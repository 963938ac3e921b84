package io.drover.storage.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A QEMU with one NBD disk and no guest but its firmware, which looks at the disk and finds nothing
 * to boot; driven over QMP.
 */
public final class QemuMachine implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final Path output;
  private final SocketChannel channel;
  private final BufferedReader answers;

  private QemuMachine(Process process, Path output, SocketChannel channel) throws IOException {
    this.process = process;
    this.output = output;
    this.channel = channel;
    this.answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    answers.readLine();
    call("qmp_capabilities");
  }

  /**
   * Starts it.
   *
   * @param folder for its sockets and output, short
   * @param nbdOptions of the block device, such as {@code reconnect-delay=5}
   * @param more arguments
   */
  public static QemuMachine start(
      Path folder, String name, Path nbdSocket, String nbdOptions, String... more)
      throws IOException, InterruptedException {
    RealTool.requireInstalled("qemu-system-x86_64");
    Path qmp = folder.resolve(name + ".qmp");
    Path output = folder.resolve(name + ".out");
    List<String> command =
        new ArrayList<>(
            List.of(
                // What qemu-io prints would otherwise come when the machine ends.
                "stdbuf",
                "-oL",
                "qemu-system-x86_64",
                "-accel",
                "tcg",
                "-m",
                "32",
                "-nodefaults",
                "-display",
                "none",
                "-qmp",
                "unix:" + qmp + ",server=on,wait=off",
                "-blockdev",
                "driver=nbd,node-name=protocol,server.type=unix,server.path="
                    + nbdSocket
                    + ",export=disk,"
                    + nbdOptions,
                "-blockdev",
                "driver=raw,node-name=disk,file=protocol,cache.direct=on",
                "-device",
                "virtio-blk-pci,drive=disk,werror=stop,rerror=stop,share-rw=on"));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      return new QemuMachine(process, output, connect(process, qmp, output));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static SocketChannel connect(Process process, Path qmp, Path output)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LIMIT);
    while (true) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(qmp));
        return channel;
      } catch (IOException notYet) {
        channel.close();
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          throw new IOException("QEMU did not start: " + Files.readString(output), notYet);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  public JsonNode call(String command) throws IOException {
    return call(command, Map.of());
  }

  /** Sends a command and returns what it answers; an error fails the test. */
  public JsonNode call(String command, Map<String, ?> arguments) throws IOException {
    ByteBuffer request =
        ByteBuffer.wrap(JSON.writeValueAsBytes(Map.of("execute", command, "arguments", arguments)));
    while (request.hasRemaining()) {
      channel.write(request);
    }
    while (true) {
      String line = answers.readLine();
      if (line == null) {
        throw new IOException(command + ": QEMU is gone: " + Files.readString(output));
      }
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new AssertionError(command + ": " + answer.get("error"));
      }
      if (answer.has("return")) {
        return answer.get("return");
      }
    }
  }

  /** Runs a qemu-io command on the disk beside the guest; answers what it printed. */
  public String io(String command) throws IOException {
    int before = Files.readString(output).length();
    String refusal =
        call("human-monitor-command", Map.of("command-line", "qemu-io disk \"" + command + "\""))
            .asText();
    return refusal + Files.readString(output).substring(before);
  }

  /** Asks again until the answer is as wanted. */
  public JsonNode await(String query, Predicate<JsonNode> wanted)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(LIMIT);
    while (true) {
      JsonNode answer = call(query);
      if (wanted.test(answer)) {
        return answer;
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(query + " still answers " + answer);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  public JsonNode awaitStatus(String query, String status)
      throws IOException, InterruptedException {
    return await(query, answer -> answer.path("status").asText().equals(status));
  }

  /** Ends it as an operator does; answers its exit code. */
  public int quit() throws IOException, InterruptedException {
    call("quit");
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("QEMU does not quit");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    channel.close();
  }
}
