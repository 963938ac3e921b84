package io.drover.hostagent.agent;

import io.drover.hostagent.vm.VmId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per event that matters, with its subject as key-value pairs. */
final class AgentLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.agent");

  private AgentLog() {}

  static void vm(String node, VmId vm, String what) {
    LOG.atInfo().addKeyValue("node", node).addKeyValue("vm", vm.value()).log(what);
  }

  static void trouble(String node, VmId vm, String what, Throwable cause) {
    LOG.atWarn()
        .addKeyValue("node", node)
        .addKeyValue("vm", vm.value())
        .addKeyValue("cause", cause.toString())
        .log(what);
  }

  static void step(String node, String vm, Order order, String outcome) {
    LOG.atInfo()
        .addKeyValue("node", node)
        .addKeyValue("vm", vm)
        .addKeyValue("migration", order.intentId())
        .addKeyValue("step", order.step())
        .addKeyValue("schedulerEpoch", order.schedulerEpoch())
        .log(outcome);
  }

  static void node(String node, String what) {
    LOG.atInfo().addKeyValue("node", node).log(what);
  }

  static void nodeTrouble(String node, String what, Throwable cause) {
    LOG.atWarn().addKeyValue("node", node).addKeyValue("cause", cause.toString()).log(what);
  }
}
