/**
 * What the cluster remembers of a host: its power state.
 *
 * <p>May use Curator and Jackson; knows no actor. Agents read it to refuse machines on a host that
 * is being emptied; the scheduler changes it.
 *
 * <p>Guards this invariant: the state changes by compare-and-set only, so that a host is never
 * powered off by one scheduler while another wakes it.
 */
@NullMarked
package io.drover.hostagent.host;

import org.jspecify.annotations.NullMarked;
