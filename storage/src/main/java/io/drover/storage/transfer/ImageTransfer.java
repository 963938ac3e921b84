package io.drover.storage.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/**
 * Copies an image file into a disk, or a disk into an image file.
 *
 * <p>Calls block until the copy has ended; interrupting the thread cancels it, and the call returns
 * (with {@link InterruptedException}) only when nothing of it is left running.
 */
public final class ImageTransfer {
  private static final int LEAKS_ONLY = 3;
  private static final int NOT_CHECKABLE = 63;

  private ImageTransfer() {}

  /** What a disk holds before an image is copied into it. */
  public enum Target {
    /** It reads as zeroes everywhere: what is zero in the image need not be written. */
    EMPTY,
    /** Anything: all of the image is written. */
    WRITTEN
  }

  /**
   * Looks at a file: format and size.
   *
   * @throws TransferException.Refused when there is none, when it is no image, or when it is one
   *     that was damaged or cut off
   */
  public static ImageFile inspect(Path file) throws TransferException, InterruptedException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new TransferException.Refused(
          "cannot read " + file, "give the path of an image file on this machine");
    }
    QemuImg.Result info = QemuImg.run(List.of("info", "--output=json", argument(file)));
    if (info.exitCode() != 0) {
      throw new TransferException.Refused(
          file + " is not an image that qemu-img can read: " + info.complaints(),
          "give a raw or qcow2 file");
    }
    ImageFile image =
        new ImageFile(
            file, info.json().path("format").asText(), info.json().path("virtual-size").asLong());
    if (image.sizeBytes() == 0) {
      throw new TransferException.Refused(file + " is empty", "give an image with content");
    }
    requireWhole(image);
    return image;
  }

  /**
   * Copies an image into a disk that is at least as large. All is flushed to the disk when this
   * returns; after a failure or a cancellation the disk holds a part of the image.
   *
   * @param diskUri the writable NBD export of the disk
   * @param percentReached hears of progress, on another thread
   */
  public static void importImage(
      ImageFile image, String diskUri, Target target, IntConsumer percentReached)
      throws TransferException, InterruptedException {
    long diskBytes = sizeOf(diskUri);
    if (diskBytes < image.sizeBytes()) {
      throw new TransferException.Refused(
          image.path() + " holds " + image.sizeBytes() + " bytes, the disk only " + diskBytes,
          "make the disk larger");
    }
    List<String> arguments =
        // The cache mode makes qemu-img flush at the end, which it does not do by itself.
        new ArrayList<>(List.of("convert", "-p", "-n", "-W", "-t", "writeback"));
    if (target == Target.EMPTY) {
      arguments.add("--target-is-zero");
    }
    arguments.addAll(List.of("-f", image.format(), "-O", "raw", argument(image.path()), diskUri));
    convert(arguments, percentReached);
  }

  /**
   * Copies a disk into a file, which appears under its name when it is whole and on the medium.
   *
   * @param diskUri an NBD export of the disk, which nobody writes meanwhile
   * @param overwrite whether a file that exists is replaced; it stays as it is until then
   */
  public static void exportImage(
      String diskUri, Path file, ImageFormat format, boolean overwrite, IntConsumer percentReached)
      throws TransferException, InterruptedException {
    Path whole = file.toAbsolutePath();
    if (Files.exists(whole) && !overwrite) {
      throw new TransferException.Refused(
          file + " exists", "choose another name, or ask for it to be overwritten");
    }
    if (Files.exists(whole) && !Files.isRegularFile(whole)) {
      throw new TransferException.Refused(
          file + " is not a file", "only a regular file can be overwritten");
    }
    Path folder = whole.getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new TransferException.Refused(
          "cannot write into " + folder, "choose a folder that exists and that you may write to");
    }
    requireRoom(diskUri, folder);
    String suffix = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    Path part = folder.resolve("." + whole.getFileName() + "." + suffix + ".part");
    try {
      convert(
          List.of("convert", "-p", "-f", "raw", "-O", format.toString(), diskUri, argument(part)),
          percentReached);
      publish(part, whole, folder, overwrite);
    } finally {
      remove(part);
    }
  }

  private static void requireWhole(ImageFile image) throws TransferException, InterruptedException {
    // A qcow2 file that was cut off would otherwise be copied without complaint, as zeroes.
    QemuImg.Result check =
        QemuImg.run(
            List.of("check", "--output=json", "-f", image.format(), argument(image.path())));
    int code = check.exitCode();
    if (code == 0 || code == LEAKS_ONLY || code == NOT_CHECKABLE) {
      return;
    }
    long corruptions = check.output().isBlank() ? 0 : check.json().path("corruptions").asLong();
    String why = corruptions == 0 ? check.complaints() : corruptions + " corruptions found";
    throw new TransferException.Refused(
        image.path() + " is damaged: " + why, "fetch it again; `qemu-img check` tells more of it");
  }

  private static long sizeOf(String diskUri) throws TransferException, InterruptedException {
    QemuImg.Result info = QemuImg.run(List.of("info", "--output=json", "-f", "raw", diskUri));
    if (info.exitCode() != 0) {
      throw unreachable(diskUri, info);
    }
    return info.json().path("virtual-size").asLong();
  }

  private static void requireRoom(String diskUri, Path folder)
      throws TransferException, InterruptedException {
    // Of a raw file it would say the whole size; ours has holes, so qcow2 is the better estimate.
    QemuImg.Result measured =
        QemuImg.run(List.of("measure", "--output=json", "-f", "raw", "-O", "qcow2", diskUri));
    if (measured.exitCode() != 0) {
      throw unreachable(diskUri, measured);
    }
    JsonNode answer = measured.json();
    long needed = answer.path("required").asLong();
    long free;
    try {
      free = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new TransferException.Refused(
          "cannot see how much room is in " + folder + ": " + e.getMessage(),
          "choose another folder",
          e);
    }
    if (free < needed) {
      throw new TransferException.Refused(
          "the copy may need " + needed + " bytes and " + folder + " has room for " + free,
          "choose a folder with more room");
    }
  }

  private static void convert(List<String> arguments, IntConsumer percentReached)
      throws TransferException, InterruptedException {
    QemuImg.Result result = QemuImg.run(arguments, percentReached);
    if (result.exitCode() != 0) {
      throw new TransferException.Failed(
          "qemu-img could not copy: " + result.complaints(),
          "see `drover disk list` for the state of the disk's replicas");
    }
  }

  private static void publish(Path part, Path whole, Path folder, boolean overwrite)
      throws TransferException {
    try {
      try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      if (overwrite) {
        Files.move(
            part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(part, whole);
      }
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    } catch (IOException e) {
      throw new TransferException.Failed(
          "cannot write " + whole + ": " + e.getMessage(), "choose another file", e);
    }
  }

  private static void remove(Path part) throws TransferException {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new TransferException.Failed(
          "cannot remove " + part + ": " + e.getMessage(), "remove it by hand", e);
    }
  }

  private static TransferException unreachable(String diskUri, QemuImg.Result result) {
    return new TransferException.Refused(
        "cannot open the disk at " + diskUri + ": " + result.complaints(),
        "see `drover disk list` whether it is attached on this machine");
  }

  /**
   * Absolute, since qemu-img takes a name like {@code nbd:...} or {@code -x} for something else.
   */
  private static String argument(Path file) {
    return file.toAbsolutePath().toString();
  }
}
