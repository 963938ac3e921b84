/** Copies between files and disks by the real qemu-img. */
@NullMarked
package io.drover.storage.transfer;

import org.jspecify.annotations.NullMarked;
