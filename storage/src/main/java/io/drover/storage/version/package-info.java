/**
 * The version tree of a disk: which version comes from which, and which of them have names.
 *
 * <p>Pure values and functions, from which the disk catalogue makes snapshots, reverts and clones
 * and the controller makes read paths. Uses {@code io.drover.storage.disk} for identities and
 * Jackson's annotations for the form in ZooKeeper; no I/O.
 *
 * <p>Invariants: a version number is used once in a disk's life, a child's number is above its
 * parent's, and the number of bytes that an operation touches does not depend on the disk's size.
 */
@NullMarked
package io.drover.storage.version;

import org.jspecify.annotations.NullMarked;
