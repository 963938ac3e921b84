/**
 * The pool of a storage node: containers as append-only segments which are journal and data at
 * once.
 *
 * <p>May use the JDK and {@code io.drover.storage.replica}. Guards: what was answered as durable is
 * there after a crash or is reported as damaged, never silently missing; and every byte read was
 * checked against its checksum.
 */
@NullMarked
package io.drover.storage.store;

import org.jspecify.annotations.NullMarked;
