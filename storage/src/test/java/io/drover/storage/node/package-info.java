/** Tests of a storage node as the daemon runs it. */
@NullMarked
package io.drover.storage.node;

import org.jspecify.annotations.NullMarked;
