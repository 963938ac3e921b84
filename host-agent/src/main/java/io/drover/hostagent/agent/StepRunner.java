package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import io.drover.storage.disk.DiskException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Admits an order, carries its step out once, and remembers the answer.
 *
 * <p>Blocking; orders for one machine come one after the other. What is remembered is bounded: an
 * intent is long over when its answers are pushed out.
 */
final class StepRunner {
  private static final int REMEMBERED_STEPS = 1024;

  private final String node;
  private final OrderGate gate;
  private final HostGuard guard;
  private final VmSteps steps;
  private final LocalVms locals;
  private final Map<StepKey, StepReply> remembered =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StepKey, StepReply> eldest) {
          return size() > REMEMBERED_STEPS;
        }
      };

  /** A new scheduler's orders are new: an answer to the old one may say what is no longer so. */
  private record StepKey(long schedulerEpoch, String intentId, String step) {}

  /** Says whether this host may take a machine now. */
  interface HostGuard {
    /** Empty if it may, otherwise why not. */
    Optional<String> refusal();
  }

  StepRunner(String node, OrderGate gate, HostGuard guard, VmSteps steps, LocalVms locals) {
    this.node = node;
    this.gate = gate;
    this.guard = guard;
    this.steps = steps;
    this.locals = locals;
  }

  StepReply run(Order order, VmId vm, AgentStep step) {
    try {
      gate.admit(order);
    } catch (OrderRefusedException refused) {
      AgentLog.step(node, vm.value(), order, "refused: " + refused.getMessage());
      return new StepReply.Refused(order, node, String.valueOf(refused.getMessage()));
    }
    StepKey key = new StepKey(order.schedulerEpoch(), order.intentId(), order.step());
    Optional<StepReply> before = recall(key);
    if (before.isPresent()) {
      return before.get();
    }
    if (takesVm(step)) {
      Optional<String> refusal = guard.refusal();
      if (refusal.isPresent()) {
        return new StepReply.Refused(order, node, refusal.get());
      }
    }
    StepReply reply = perform(order, vm, step);
    remember(key, reply);
    return reply;
  }

  /**
   * Whether an undoing order may break off a step that waits; nothing is done if it is not
   * admitted.
   */
  void interruptFor(Order order, VmId vm) {
    try {
      gate.admit(order);
      steps.interrupt(vm);
    } catch (OrderRefusedException | HypervisorException e) {
      // The order itself follows in its turn and tells the scheduler.
      AgentLog.trouble(node, vm, "could not break off the copying", e);
    }
  }

  private StepReply perform(Order order, VmId vm, AgentStep step) {
    try {
      StepResult result = steps.perform(vm, step);
      AgentLog.step(node, vm.value(), order, "done");
      return new StepReply.Done(order, node, result);
    } catch (HypervisorException | DiskException | VmCatalogException | StepException e) {
      AgentLog.step(node, vm.value(), order, "failed: " + e.getMessage());
      return new StepReply.Failed(order, node, locals.view(vm), String.valueOf(e.getMessage()));
    }
  }

  private static boolean takesVm(AgentStep step) {
    return step instanceof AgentStep.StartVm || step instanceof AgentStep.PrepareIncoming;
  }

  private synchronized Optional<StepReply> recall(StepKey key) {
    return Optional.ofNullable(remembered.get(key));
  }

  private synchronized void remember(StepKey key, StepReply reply) {
    remembered.put(key, reply);
  }
}
