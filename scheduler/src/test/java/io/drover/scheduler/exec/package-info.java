/**
 * Tests of the executor: the real core and the real agents in a simulated world, in which time,
 * chance and the order of everything that happens come from one seed.
 */
@NullMarked
package io.drover.scheduler.exec;

import org.jspecify.annotations.NullMarked;
