package io.drover.scheduler.exec;

import io.drover.scheduler.migrate.Migration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per event that matters, with its subject as key-value pairs. */
final class SchedulerLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.scheduler");

  private SchedulerLog() {}

  static void event(String what) {
    LOG.info(what);
  }

  static void vm(String vm, String what) {
    LOG.atInfo().addKeyValue("vm", vm).log(what);
  }

  static void host(String host, String what) {
    LOG.atInfo().addKeyValue("host", host).log(what);
  }

  static void migration(String vmName, Migration m, String what) {
    LOG.atInfo()
        .addKeyValue("vm", vmName)
        .addKeyValue("migration", m.id())
        .addKeyValue("from", m.from())
        .addKeyValue("to", m.to())
        .addKeyValue("stage", m.stage())
        .log(what);
  }

  static void trouble(String what, Throwable cause) {
    LOG.atWarn().addKeyValue("cause", cause.toString()).log(what);
  }
}
