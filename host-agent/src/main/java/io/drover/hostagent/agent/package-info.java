/**
 * What one host does for its virtual machines: an actor carries out the scheduler's orders and
 * reports what the machines demand; {@link io.drover.hostagent.agent.Supervision} takes over and
 * watches the machines, with or without an actor system.
 *
 * <p>May use the hypervisor, demand, power and VM catalogue packages of this module, the
 * attachments of the storage module, Pekko and Curator. Decides nothing about placement: that is
 * the scheduler's.
 *
 * <p>Guards this invariant: an order is carried out only if its scheduler epoch is the newest one
 * that ZooKeeper knows after a {@code sync}; while ZooKeeper cannot be asked, none is.
 */
@NullMarked
package io.drover.hostagent.agent;

import org.jspecify.annotations.NullMarked;
