/**
 * What operators may ask of the scheduler and what it answers: the messages behind the HTTP API and
 * the CLI.
 *
 * <p>May use the JDK, Pekko's actor references and the agent's message markers; nothing that acts.
 * Views carry plain strings and numbers, so that the API can turn them into JSON as they are.
 *
 * <p>Guards this invariant: a query never changes anything.
 */
@NullMarked
package io.drover.scheduler.view;

import org.jspecify.annotations.NullMarked;
