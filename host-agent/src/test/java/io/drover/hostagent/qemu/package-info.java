@NullMarked
package io.drover.hostagent.qemu;

import org.jspecify.annotations.NullMarked;
