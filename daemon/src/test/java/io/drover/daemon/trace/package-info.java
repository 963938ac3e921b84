/** Recordings read back from files that the tests write. */
@NullMarked
package io.drover.daemon.trace;

import org.jspecify.annotations.NullMarked;
