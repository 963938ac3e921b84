package io.drover.scheduler.plan;

/** One thing to do; in a plan they stand in the order in which they are to be begun. */
public sealed interface Action {
  Explanation explanation();

  /** True when the mode asks for an operator's yes before the action is carried out. */
  boolean needsApproval();

  /** Live migration of a running machine. */
  record Move(
      String vm,
      String from,
      String to,
      Purpose purpose,
      boolean needsApproval,
      Explanation explanation)
      implements Action {}

  /** What a move is for. */
  enum Purpose {
    RELIEVE_OVERLOAD,
    EVACUATE,
    CONSOLIDATE,
    MEND_RULE
  }

  /**
   * Sends a host to standby. A host that is on becomes draining, and its moves follow in this and
   * later plans; a draining host without machines and without incoming moves is powered off.
   * Carrying it out twice does nothing more.
   */
  record Standby(String host, boolean needsApproval, Explanation explanation) implements Action {}

  /** Wakes a host in standby, or takes a draining one back into service. */
  record Wake(String host, boolean needsApproval, Explanation explanation) implements Action {}

  /** Starts a machine that has no place. */
  record StartVm(String vm, String host, boolean needsApproval, Explanation explanation)
      implements Action {}
}
