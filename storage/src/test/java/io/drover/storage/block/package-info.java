/** Fakes of the block seam for tests: they keep its contract, hold everything in memory. */
@NullMarked
package io.drover.storage.block;

import org.jspecify.annotations.NullMarked;
