/**
 * What was seen while the demo ran, and what may honestly be said about it.
 *
 * <p>Pure: records and functions of them. Start at {@link io.drover.daemon.demo.record.Judge}. The
 * invariant it guards: an event counts only if the looks, the processes' pids and the guests' loads
 * show it; that the scheduler says so is never enough.
 */
@NullMarked
package io.drover.daemon.demo.record;

import org.jspecify.annotations.NullMarked;
