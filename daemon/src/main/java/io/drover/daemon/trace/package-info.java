/**
 * Recorded traces from files, and what a backtest of them says, as JSON and as a chart.
 *
 * <p>May use the predictor. Invariant: files are read in the order of their names, so that a run
 * can be repeated; a file that does not fit its format is named, with the line.
 */
@NullMarked
package io.drover.daemon.trace;

import org.jspecify.annotations.NullMarked;
