package io.drover.hostagent.agent;

/**
 * Marks what the scheduler singleton accepts.
 *
 * <p>It lives here, not in the scheduler's module, because agents send their reports to a scheduler
 * whose module they may not know.
 */
public interface SchedulerInbox extends AgentMessage {}
