package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.MigrationStats;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(2);

  /** For the last look, when the time is over already. */
  private static final long MIN_WAIT_NANOS = Duration.ofMillis(200).toNanos();

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
      giveUp();
      await(vm.commandTimeout(), MigrationPhase::ended);
    } catch (HypervisorException e) {
      // A process that ended has settled.
      if (e.reason() != Reason.GONE) {
        throw e;
      }
    }
  }

  /**
   * While QEMU sends the last state to a destination that does not take it, it answers no ordinary
   * command, a cancellation included. Then the connection is torn down, which this QEMU takes for
   * the destination's death and goes on.
   */
  private void giveUp() throws HypervisorException {
    try {
      vm.monitor()
          .execute(
              "migrate_cancel", QemuVm.arguments(), shorter(CANCEL_PATIENCE, vm.commandTimeout()));
    } catch (HypervisorException e) {
      if (e.reason() != Reason.TIMED_OUT) {
        throw e;
      }
      ObjectNode instances = QemuVm.arguments();
      instances.putArray("instances").addObject().put("type", "migration");
      vm.monitor().executeOutOfBand("yank", instances);
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
    String last = "not known, QEMU does not answer,";
    while (true) {
      long seen = vm.migrationWatch().changes();
      Duration left = Duration.ofNanos(Math.max(MIN_WAIT_NANOS, deadline - System.nanoTime()));
      Optional<MigrationInfo> info = look(shorter(left, vm.commandTimeout()));
      if (info.isPresent()) {
        MigrationPhase phase = info.get().stats().phase();
        if (wanted.test(phase) || phase.ended()) {
          return info.get();
        }
        last = phase.toString();
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new HypervisorException(
            Reason.TIMED_OUT,
            "the state of the migration of VM "
                + vm.id()
                + " is "
                + last
                + " after "
                + timeout.toMillis()
                + " ms");
      }
      pause(seen, shorter(left, LOOK_AGAIN));
    }
  }

  /** Empty while QEMU does not answer, as it may while it sends the last state. */
  private Optional<MigrationInfo> look(Duration limit) throws HypervisorException {
    try {
      return Optional.of(vm.migrationInfo(limit));
    } catch (HypervisorException e) {
      if (e.reason() != Reason.TIMED_OUT || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
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
