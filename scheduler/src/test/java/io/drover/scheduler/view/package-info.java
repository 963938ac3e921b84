/** Tests of the scheduler's messages. */
@NullMarked
package io.drover.scheduler.view;

import org.jspecify.annotations.NullMarked;
