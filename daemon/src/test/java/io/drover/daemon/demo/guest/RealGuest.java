package io.drover.daemon.demo.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A guest under QEMU whose disk is a plain file behind qemu-nbd: nothing of Drover but the guest.
 */
final class RealGuest implements AutoCloseable {
  private static final long DISK_BYTES = 16L << 20;
  private static final double NANOS = 1e9;

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();

  private RealGuest(Path folder) {
    this.folder = folder;
  }

  static RealGuest start(String name, int collectorPort, Path folder) throws Exception {
    RealGuest guest = new RealGuest(folder);
    try {
      guest.start(name, collectorPort);
      return guest;
    } catch (Exception failed) {
      guest.close();
      throw failed;
    }
  }

  private void start(String name, int collectorPort) throws Exception {
    GuestImage image = GuestImage.build(sourceTree());
    Path disk = folder.resolve("disk");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    Path nbd = folder.resolve("nbd");
    run("nbd.log", "qemu-nbd", "-f", "raw", "-t", "-k", nbd.toString(), disk.toString());
    while (!Files.exists(nbd)) {
      Thread.sleep(20);
    }
    run(
        "qemu.log",
        "qemu-system-x86_64",
        "-name",
        name + ",debug-threads=on",
        "-machine",
        "pc-i440fx-7.2",
        "-accel",
        "tcg",
        "-cpu",
        "qemu64",
        "-m",
        "96",
        "-nodefaults",
        "-display",
        "none",
        "-no-user-config",
        "-kernel",
        image.kernel().toString(),
        "-initrd",
        image.initrd().toString(),
        "-append",
        GuestImage.commandLine(name, "10.0.2.15/24", "10.0.2.2:" + collectorPort, 0),
        "-serial",
        "file:" + folder.resolve("console"),
        "-qmp",
        "unix:" + qmp() + ",server=on,wait=off",
        "-netdev",
        "user,id=n0",
        "-device",
        "virtio-net-pci,netdev=n0,romfile=",
        "-drive",
        "if=none,id=d0,format=raw,cache.direct=on,werror=stop,rerror=stop,file=nbd+unix:///?socket="
            + nbd,
        "-device",
        "virtio-blk-pci,drive=d0");
  }

  private void run(String log, String... command) throws IOException {
    processes.add(
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log).toFile())
            .start());
  }

  private static Path sourceTree() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("scripts")) ? here : here.resolve("..").normalize();
  }

  private Path qmp() {
    return folder.resolve("qmp");
  }

  /** What the guest has printed. */
  String console() throws IOException {
    return Files.readString(folder.resolve("console"), ISO_8859_1);
  }

  /** Has QEMU carry out a command without arguments. */
  void order(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(qmp()));
      BufferedReader answers = new BufferedReader(Channels.newReader(channel, UTF_8));
      answers.readLine();
      for (String each : List.of("qmp_capabilities", command)) {
        channel.write(ByteBuffer.wrap(("{\"execute\":\"" + each + "\"}\n").getBytes(UTF_8)));
        String answer = answers.readLine();
        while (answer != null && !answer.startsWith("{\"return\"")) {
          if (answer.startsWith("{\"error\"")) {
            throw new IOException(each + ": " + answer);
          }
          answer = answers.readLine();
        }
      }
    }
  }

  /** Seconds that the guest's CPU was used or waited for, since its start. */
  double demandSeconds() throws IOException {
    Path tasks = Path.of("/proc/" + processes.getLast().pid() + "/task");
    try (Stream<Path> all = Files.list(tasks)) {
      for (Path task : all.toList()) {
        if (Files.readString(task.resolve("comm")).startsWith("CPU ")) {
          String[] fields = Files.readString(task.resolve("schedstat")).split(" ", -1);
          return (Long.parseLong(fields[0]) + Long.parseLong(fields[1])) / NANOS;
        }
      }
    }
    throw new IOException("QEMU has no CPU thread");
  }

  @Override
  public void close() {
    processes.reversed().forEach(Process::destroyForcibly);
  }
}
