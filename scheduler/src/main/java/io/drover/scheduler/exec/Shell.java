package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentStep;
import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.StepReply;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The world as the scheduler's core sees it. Whatever is handed in is run on the core's thread, one
 * thing at a time, and never within the call that handed it in; nothing is run after the core was
 * given up.
 */
interface Shell {
  Instant now();

  /** Runs a blocking call elsewhere, and then exactly one of the two. */
  <T> void blocking(Callable<T> call, Consumer<T> done, Consumer<Exception> failed);

  /** The same for something that is under way already. */
  <T> void await(CompletableFuture<T> future, Consumer<T> done, Consumer<Exception> failed);

  void after(Duration delay, Runnable task);

  /** Orders a step of a host's agent; exactly one answer comes, at the latest after the limit. */
  void order(
      String host, Order order, String vm, AgentStep step, Duration limit, Consumer<Answer> then);

  /**
   * The agent of a host was started anew: whoever waits for an answer of the earlier one is told
   * that none will come.
   */
  void agentReplaced(String host);

  /** Asks a host's agent for the recent demand of its machines; it comes as messages. */
  void askHistory(String host);

  /**
   * Has the agent of {@code from} give what it knows of a machine's demand to that of {@code to}.
   */
  void handOnHistory(String vm, String from, String to);

  /** Ends this scheduler: another one has taken over, or it cannot go on. */
  void giveUp(Exception why);

  /** What came of an order. */
  sealed interface Answer {
    /** The agent answered. */
    record Replied(StepReply reply) implements Answer {}

    /** No answer came, so nobody knows whether the step was done. */
    record Silent(String why) implements Answer {}
  }
}
