/**
 * Listens to the guests from inside their network: measures how long each is silent, takes their
 * verdicts, and hands them their load.
 *
 * <p>Runs as a process of its own (in the demo's network namespace) and talks JSON lines with the
 * demo over its standard input and output. May use the guest protocol. The invariant it guards:
 * silence is measured by the collector's own clock, so that neither a guest nor its host can make a
 * move look better than it was.
 */
@NullMarked
package io.drover.daemon.demo.collector;

import org.jspecify.annotations.NullMarked;
