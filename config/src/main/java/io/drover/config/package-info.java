/**
 * Checked reading of settings: what an operator wrote becomes validated records, or a list of
 * everything that is wrong with it.
 *
 * <p>Start at {@link io.drover.config.ConfigReader}. May use Typesafe Config and nothing of Drover.
 * Invariant: no key of an operator's file is silently ignored, and every complaint names file,
 * line, key, value and what would have been accepted.
 */
@NullMarked
package io.drover.config;

import org.jspecify.annotations.NullMarked;
