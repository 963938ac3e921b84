package io.drover.hostagent.agent;

/** Decides whether an order may be carried out now. Blocking. */
public interface OrderGate {

  /**
   * Returns if the order is from the newest scheduler and its intent is recorded in the stage that
   * the order names, as of a moment after the call began.
   *
   * @throws OrderRefusedException otherwise, and also when that cannot be found out
   */
  void admit(Order order) throws OrderRefusedException;

  /**
   * Whether a recorded intent about the machine is open: then its state here is somebody's business
   * already.
   */
  boolean intentOpen(String vm) throws OrderRefusedException;
}
