/** The table of the migration's state machine, row by row. */
@NullMarked
package io.drover.scheduler.migrate;

import org.jspecify.annotations.NullMarked;
