/** Version trees against a model that copies whole disks. */
@NullMarked
package io.drover.storage.version;

import org.jspecify.annotations.NullMarked;
