package io.drover.scheduler.plan;

/** How far the planner may go by itself. */
public enum Mode {
  AUTOMATIC,
  /** Actions are proposed and wait for an operator. */
  RECOMMEND,
  OFF
}
