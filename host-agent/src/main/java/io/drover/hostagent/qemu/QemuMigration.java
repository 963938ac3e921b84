package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.MigrationStats;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * The sending side of a live migration. Holds no state of its own: QEMU is asked, so that a daemon
 * that adopted the process in the middle can go on with it.
 */
final class QemuMigration implements MigrationRun {
  /**
   * What both sides agree on: stop before the last state is sent; tell of every phase; and let the
   * receiver confirm that it has loaded everything, before which the sender does not call the
   * migration completed and can still take the machine back.
   */
  static final List<String> CAPABILITIES =
      List.of("events", "pause-before-switchover", "return-path");

  /** Phases are told by events; asking now and then covers a connection that broke. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final QemuVm vm;

  QemuMigration(QemuVm vm) {
    this.vm = vm;
  }

  static QemuMigration begin(QemuVm vm, String uri, MigrationLimits limits)
      throws HypervisorException {
    ArrayNode capabilities = QmpMessage.JSON.createArrayNode();
    CAPABILITIES.forEach(
        name -> capabilities.addObject().put("capability", name).put("state", true));
    vm.execute("migrate-set-capabilities", QemuVm.arguments().set("capabilities", capabilities));
    vm.execute(
        "migrate-set-parameters",
        QemuVm.arguments()
            .put("max-bandwidth", limits.maxBandwidthBytesPerSecond())
            .put("downtime-limit", limits.downtime().toMillis()));
    vm.execute("migrate", QemuVm.arguments().put("uri", uri));
    return new QemuMigration(vm);
  }

  @Override
  public void awaitPreSwitchover(Duration timeout) throws HypervisorException {
    MigrationInfo info = await(timeout, phase -> phase == MigrationPhase.PRE_SWITCHOVER);
    if (info.stats().phase().ended()) {
      throw failed(info);
    }
  }

  @Override
  public void continueSwitchover() throws HypervisorException {
    vm.execute("migrate-continue", QemuVm.arguments().put("state", "pre-switchover"));
  }

  @Override
  public void awaitCompleted(Duration timeout) throws HypervisorException {
    MigrationInfo info = await(timeout, MigrationPhase::ended);
    if (info.stats().phase() != MigrationPhase.COMPLETED) {
      throw failed(info);
    }
  }

  @Override
  public void cancel() throws HypervisorException {
    if (!vm.alive()) {
      return;
    }
    try {
      vm.execute("migrate_cancel", QemuVm.arguments());
      await(vm.commandTimeout(), MigrationPhase::ended);
    } catch (HypervisorException e) {
      // A process that ended has settled.
      if (e.reason() != Reason.GONE) {
        throw e;
      }
    }
  }

  @Override
  public MigrationStats stats() throws HypervisorException {
    return vm.migrationInfo().stats();
  }

  /** Also returns when the migration ended otherwise. */
  private MigrationInfo await(Duration timeout, Predicate<MigrationPhase> wanted)
      throws HypervisorException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long seen = vm.migrationWatch().changes();
      MigrationInfo info = vm.migrationInfo();
      MigrationPhase phase = info.stats().phase();
      if (wanted.test(phase) || phase.ended()) {
        return info;
      }
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        throw new HypervisorException(
            Reason.TIMED_OUT,
            "the migration of VM "
                + vm.id()
                + " is still "
                + phase
                + " after "
                + timeout.toMillis()
                + " ms");
      }
      pause(seen, left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
    }
  }

  private void pause(long seen, Duration limit) throws HypervisorException {
    try {
      vm.migrationWatch().awaitChange(seen, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HypervisorException(
          Reason.TIMED_OUT, "interrupted during the migration of VM " + vm.id(), e);
    }
    if (!vm.alive()) {
      throw vm.gone();
    }
  }

  private HypervisorException failed(MigrationInfo info) {
    return new HypervisorException(
        Reason.MIGRATION_FAILED,
        "the migration of VM "
            + vm.id()
            + " ended as "
            + info.stats().phase()
            + (info.error().isEmpty() ? "" : ": " + info.error()));
  }
}
