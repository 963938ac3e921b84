/**
 * {@code drover demo}: a whole cluster on one machine, its guests under changing load, and an
 * honest account of what the scheduler made of it.
 *
 * <p>May use everything a user of Drover has: the launcher, config files and the HTTP API; it
 * starts nodes as processes and looks into none. Start at {@link
 * io.drover.daemon.demo.DemoCommand}. The invariant it guards: whatever way the demo ends, no
 * process, control group, namespace or file of it stays behind, unless the user asked to keep them.
 */
@NullMarked
package io.drover.daemon.demo;

import org.jspecify.annotations.NullMarked;
