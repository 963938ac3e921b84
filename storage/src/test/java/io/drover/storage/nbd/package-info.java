/**
 * Tests of the NBD server: by a small client of our own, by random bytes, and by the real tools.
 */
@NullMarked
package io.drover.storage.nbd;

import org.jspecify.annotations.NullMarked;
