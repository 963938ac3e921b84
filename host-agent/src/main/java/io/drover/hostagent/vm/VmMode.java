package io.drover.hostagent.vm;

/** What the scheduler may do with a VM by itself. */
public enum VmMode {
  /** Moves are carried out when the plan recommends them. */
  AUTOMATIC,
  /** Moves are shown, and carried out once an operator approves. */
  RECOMMEND,
  /** The VM is never moved by the scheduler. */
  OFF
}
