/** Tests of the node store on real files, also behind a disk that fails and crashes on demand. */
@NullMarked
package io.drover.storage.store;

import org.jspecify.annotations.NullMarked;
