/**
 * Processes that outlive the daemon: started in a session of their own, and known by pid and start
 * time.
 *
 * <p>Uses {@code setsid} and {@code /proc}. The invariant it guards: no signal goes to a process
 * that merely inherited a pid.
 */
@NullMarked
package io.drover.hostagent.process;

import org.jspecify.annotations.NullMarked;
