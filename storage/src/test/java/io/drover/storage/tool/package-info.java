/** Runs the real programs that tests need, with a time limit and whole output. */
@NullMarked
package io.drover.storage.tool;

import org.jspecify.annotations.NullMarked;
