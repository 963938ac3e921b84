package io.drover.storage.transfer;

import java.nio.file.Path;

/**
 * An image that was looked at and found readable.
 *
 * @param format as {@code qemu-img} calls it, such as raw or qcow2
 * @param sizeBytes of the disk that it holds, which is not the size of the file
 */
public record ImageFile(Path path, String format, long sizeBytes) {}
