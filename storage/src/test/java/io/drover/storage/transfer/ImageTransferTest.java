package io.drover.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.MemoryBlockDevice;
import io.drover.storage.block.MemoryBlockDevice.Operation;
import io.drover.storage.nbd.NbdExport;
import io.drover.storage.nbd.NbdMetrics;
import io.drover.storage.nbd.NbdServer;
import io.drover.storage.nbd.NbdSettings;
import io.drover.storage.tool.RealTool;
import io.drover.storage.transfer.ImageTransfer.Target;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("real")
@Timeout(120)
final class ImageTransferTest {
  private static final int IMAGE_BYTES = 16 << 20;
  private static final long DISK_BYTES = 24L << 20;

  @TempDir Path directory;
  private final MemoryBlockDevice device = new MemoryBlockDevice(DISK_BYTES);
  private final ConcurrentLinkedQueue<Integer> progress = new ConcurrentLinkedQueue<>();
  private NbdServer server;
  private NbdExport export;
  private String uri;
  private Path raw;

  @BeforeEach
  void serve() throws IOException {
    server = NbdServer.open(NbdSettings.defaults(), new NbdMetrics(new CollectorRegistry()));
    export = server.serveUnix(directory.resolve("disk.sock"), "disk", device);
    uri = "nbd+unix:///disk?socket=" + export.socket();
    raw = directory.resolve("in.raw");
    byte[] bytes = new byte[IMAGE_BYTES];
    new Random(21).nextBytes(bytes);
    Arrays.fill(bytes, 1 << 20, 5 << 20, (byte) 0);
    Files.write(raw, bytes);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path image(String format) throws IOException, InterruptedException {
    Path file = directory.resolve("in." + format);
    if (!format.equals("raw")) {
      RealTool.run(
              "qemu-img", "convert", "-O", format, "-f", "raw", raw.toString(), file.toString())
          .requireSuccess();
    }
    return file;
  }

  private byte[] content(int bytes) throws BlockIoException {
    ByteBuffer read = ByteBuffer.allocate(bytes);
    device.read(0, read);
    return read.array();
  }

  private List<String> folder() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "qcow2", "vmdk"})
  void imageIsCopiedIntoALargerDiskAndFlushed(String format) throws Exception {
    ImageFile image = ImageTransfer.inspect(image(format));

    ImageTransfer.importImage(image, uri, Target.EMPTY, progress::add);

    assertThat(image.format()).isEqualTo(format);
    assertThat(image.sizeBytes()).isEqualTo(IMAGE_BYTES);
    assertThat(content(IMAGE_BYTES)).isEqualTo(Files.readAllBytes(raw));
    assertThat(device.flushes()).isPositive();
    // The zeroes in the middle were not written.
    assertThat(device.allocatedBlocks()).isLessThanOrEqualTo(12 * 256);
    assertThat(List.copyOf(progress)).isSorted().contains(100);
  }

  @Test
  void whatADiskHeldBeforeIsGoneWhenItIsSaidToBeWritten() throws Exception {
    byte[] old = new byte[IMAGE_BYTES];
    Arrays.fill(old, (byte) 7);
    device.write(0, ByteBuffer.wrap(old), false);

    ImageTransfer.importImage(ImageTransfer.inspect(raw), uri, Target.WRITTEN, progress::add);

    assertThat(content(IMAGE_BYTES)).isEqualTo(Files.readAllBytes(raw));
  }

  @Test
  void imageLargerThanTheDiskIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path large = directory.resolve("large.qcow2");
    RealTool.run("qemu-img", "create", "-q", "-f", "qcow2", large.toString(), "25M")
        .requireSuccess();
    ImageFile image = ImageTransfer.inspect(large);

    assertThatThrownBy(() -> ImageTransfer.importImage(image, uri, Target.EMPTY, progress::add))
        .isInstanceOf(TransferException.Refused.class)
        .hasMessageContaining("26214400")
        .hasMessageContaining("25165824");
    assertThat(device.allocatedBlocks()).isZero();
  }

  @Test
  void cutOffImageIsRefused() throws Exception {
    byte[] whole = Files.readAllBytes(image("qcow2"));
    Path cut = directory.resolve("cut.qcow2");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> ImageTransfer.inspect(cut))
        .isInstanceOf(TransferException.Refused.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void whatIsNoImageIsRefused() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty"));
    Path missing = directory.resolve("missing");
    Path header = directory.resolve("header.qcow2");
    Files.write(header, Arrays.copyOf(Files.readAllBytes(image("qcow2")), 40));

    assertThatThrownBy(() -> ImageTransfer.inspect(empty)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> ImageTransfer.inspect(missing)).hasMessageContaining("cannot read");
    assertThatThrownBy(() -> ImageTransfer.inspect(directory)).hasMessageContaining("cannot read");
    assertThatThrownBy(() -> ImageTransfer.inspect(header))
        .isInstanceOf(TransferException.Refused.class)
        .hasMessageContaining("not an image that qemu-img can read");
  }

  @Test
  void diskThatIsNotThereIsTold() throws Exception {
    ImageFile image = ImageTransfer.inspect(raw);
    String nowhere = "nbd+unix:///disk?socket=" + directory.resolve("no.sock");

    assertThatThrownBy(() -> ImageTransfer.importImage(image, nowhere, Target.EMPTY, p -> {}))
        .isInstanceOf(TransferException.Refused.class)
        .hasMessageContaining("cannot open the disk");
    assertThatThrownBy(() ->
            ImageTransfer.exportImage(
                nowhere, directory.resolve("out"), ImageFormat.RAW, false, p -> {}))
        .isInstanceOf(TransferException.Refused.class)
        .hasMessageContaining("cannot open the disk");
  }

  @ParameterizedTest
  @EnumSource
  void exportedFileComparesEqualAndComesBackEqual(ImageFormat format) throws Exception {
    device.write(0, ByteBuffer.wrap(Files.readAllBytes(raw)), false);
    Path out = directory.resolve("out." + format);

    ImageTransfer.exportImage(uri, out, format, false, progress::add);

    RealTool.run("qemu-img", "compare", "-f", format.toString(), "-F", "raw", out.toString(), uri)
        .requireSuccess();
    assertThat(List.copyOf(progress)).isSorted().contains(100);
    device.trim(0, DISK_BYTES, false);
    ImageTransfer.importImage(ImageTransfer.inspect(out), uri, Target.EMPTY, percent -> {});
    assertThat(content(IMAGE_BYTES)).isEqualTo(Files.readAllBytes(raw));
  }

  @Test
  void fileThatExistsIsOverwrittenOnlyOnRequest() throws Exception {
    Path out = directory.resolve("out.raw");
    Files.writeString(out, "precious");

    assertThatThrownBy(
            () -> ImageTransfer.exportImage(uri, out, ImageFormat.RAW, false, percent -> {}))
        .isInstanceOf(TransferException.Refused.class)
        .hasMessageContaining("exists");
    assertThat(Files.readString(out)).isEqualTo("precious");

    ImageTransfer.exportImage(uri, out, ImageFormat.RAW, true, percent -> {});
    assertThat(Files.size(out)).isEqualTo(DISK_BYTES);
  }

  @Test
  void exportIntoAFolderThatIsNotThereIsRefused() {
    assertThatThrownBy(() ->
            ImageTransfer.exportImage(
                uri, directory.resolve("no/out"), ImageFormat.RAW, false, percent -> {}))
        .isInstanceOf(TransferException.Refused.class)
        .hasMessageContaining("cannot write into");
  }

  @Test
  void exportThatBreaksLeavesNoFileAndTheOldOne() throws Exception {
    device.write(0, ByteBuffer.wrap(Files.readAllBytes(raw)), false);
    Path out = directory.resolve("out.qcow2");
    Files.writeString(out, "precious");
    List<String> before = folder();
    device.intercept((operation, offset, length) -> {
      if (operation == Operation.READ && offset > 8 << 20) {
        throw new BlockIoException(BlockIoException.Reason.IO, "injected");
      }
    });

    assertThatThrownBy(
            () -> ImageTransfer.exportImage(uri, out, ImageFormat.QCOW2, true, percent -> {}))
        .isInstanceOf(TransferException.Failed.class)
        .hasMessageContaining("error while reading");
    assertThat(Files.readString(out)).isEqualTo("precious");
    assertThat(folder()).isEqualTo(before);
  }

  @Test
  void cancelledExportLeavesNeitherFileNorProcess() throws Exception {
    device.write(0, ByteBuffer.wrap(Files.readAllBytes(raw)), false);
    List<String> before = folder();

    cancelWhen(
        Operation.READ,
        () ->
            ImageTransfer.exportImage(
                uri, directory.resolve("out"), ImageFormat.QCOW2, false, percent -> {}));

    assertThat(folder()).isEqualTo(before);
  }

  @Test
  void cancelledImportLeavesNoProcess() throws Exception {
    ImageFile image = ImageTransfer.inspect(raw);

    cancelWhen(
        Operation.WRITE, () -> ImageTransfer.importImage(image, uri, Target.EMPTY, percent -> {}));
  }

  private interface Transfer {
    void run() throws Exception;
  }

  /** Interrupts a transfer whose first request of a kind hangs, and sees what is left of it. */
  private void cancelWhen(Operation hanging, Transfer transfer) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    device.intercept((operation, offset, length) -> {
      // Opening an image reads its beginning; the copy itself comes to later places.
      if (operation == hanging && offset >= 6 << 20) {
        reached.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new BlockIoException(BlockIoException.Reason.SHUTDOWN, "interrupted", e);
        }
      }
    });
    FutureTask<String> outcome =
        new FutureTask<>(() -> {
          try {
            transfer.run();
            return "done";
          } catch (InterruptedException e) {
            return "cancelled";
          }
        });
    Thread thread = Thread.ofVirtual().start(outcome);
    try {
      reached.await();
      thread.interrupt();

      assertThat(outcome.get()).isEqualTo("cancelled");
      assertThat(ProcessHandle.current().children().filter(ImageTransferTest::isQemuImg)).isEmpty();
    } finally {
      release.countDown();
    }
  }

  private static boolean isQemuImg(ProcessHandle process) {
    return process.isAlive() && process.info().command().orElse("").endsWith("qemu-img");
  }
}
