/** Tests of the replica protocol, and the in-memory replica that tests of the controller use. */
@NullMarked
package io.drover.storage.replica;

import org.jspecify.annotations.NullMarked;
