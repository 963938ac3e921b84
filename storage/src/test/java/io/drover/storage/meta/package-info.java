/** The catalogue and the metadata, on a real ZooKeeper in the test's process. */
@NullMarked
package io.drover.storage.meta;

import org.jspecify.annotations.NullMarked;
