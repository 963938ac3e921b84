/**
 * The program itself: {@link io.drover.daemon.Main} hands over to the commands in {@code cli};
 * {@code node} assembles a daemon from its roles, {@code api} and {@code metrics} show it to the
 * outside.
 *
 * <p>May use every other module; nothing depends on it. Invariant: it decides nothing about VMs,
 * disks or hosts, it only connects.
 */
@NullMarked
package io.drover.daemon;

import org.jspecify.annotations.NullMarked;
