/** Settings of a node. */
@NullMarked
package io.drover.daemon.node;

import org.jspecify.annotations.NullMarked;
