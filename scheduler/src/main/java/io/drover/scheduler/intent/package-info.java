/**
 * What the scheduler is about to do, recorded in ZooKeeper before it does it, so that its successor
 * can finish or undo it.
 *
 * <p>May use Curator, Jackson and the migration records; no actors.
 *
 * <p>Guards two invariants: every change is bound to the scheduler epoch, so that a scheduler that
 * was replaced can change nothing; and a machine is part of at most one open intent.
 */
@NullMarked
package io.drover.scheduler.intent;

import org.jspecify.annotations.NullMarked;
