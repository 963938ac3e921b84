package io.drover.scheduler.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.OrderRefusedException;
import io.drover.hostagent.agent.ZooKeeperOrderGate;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmPlatform;
import io.drover.hostagent.vm.VmRequirements;
import io.drover.hostagent.vm.VmSpec;
import io.drover.hostagent.vm.ZooKeeperVmCatalog;
import io.drover.scheduler.migrate.Migration;
import io.drover.scheduler.migrate.MigrationEvent;
import io.drover.scheduler.migrate.MigrationMachine;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import io.drover.storage.disk.DiskId;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZooKeeperIntentStoreTest {
  private TestingServer server;
  private CuratorFramework client;
  private ZooKeeperVmCatalog vms;
  private ZooKeeperIntentStore store;
  private VmPlacement placement;

  @BeforeEach
  void start() throws Exception {
    server = new TestingServer();
    client =
        CuratorFrameworkFactory.builder()
            .connectString(server.getConnectString())
            .namespace("drover")
            .sessionTimeoutMs(5000)
            .connectionTimeoutMs(2000)
            .retryPolicy(new RetryOneTime(100))
            .build();
    client.start();
    vms = new ZooKeeperVmCatalog(client);
    store = new ZooKeeperIntentStore(client);
    VmSpec spec =
        new VmSpec(
            new VmId("vm1"),
            "web",
            1,
            64,
            new BootSource.FirstDisk(),
            List.of(new DiskId("d1")),
            "52:54:00:00:00:01",
            new VmPlatform("pc", "cpu", Accelerator.TCG),
            VmMode.AUTOMATIC,
            VmRequirements.NONE);
    placement = vms.create(spec).placement();
    store.takeOver();
    placement = store.place(placement, Optional.of("host1"), DesiredState.RUNNING, false);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private static MoveIntent intent(String id) {
    Migration migration = Migration.planned(id, "vm1", "host1", "host2", 2);
    return new MoveIntent(migration, true, "because", 1000, 2000, 100, 1 << 26, 5.5);
  }

  private static MoveInfo outcome(String id) {
    return new MoveInfo(
        id,
        "vm1",
        "host1",
        "host2",
        "moved",
        true,
        1000,
        2000,
        2100,
        100,
        110,
        1,
        2,
        3,
        Optional.empty());
  }

  @Test
  void whatIsRecordedIsFoundByTheNextScheduler() throws Exception {
    MoveIntent begun = intent("m1");
    store.begin(begun);
    MoveIntent next =
        begun.with(
            MigrationMachine.next(begun.migration(), new MigrationEvent.Recovered()).migration());
    store.record(next);
    ZooKeeperIntentStore successor = new ZooKeeperIntentStore(client);
    assertThat(successor.takeOver()).isEqualTo(2);
    assertThat(successor.open()).containsExactly(next);
  }

  @Test
  void aReplacedSchedulerCanChangeNothing() throws Exception {
    store.begin(intent("m1"));
    new ZooKeeperIntentStore(client).takeOver();
    assertThatThrownBy(() -> store.record(intent("m1"))).isInstanceOf(IntentException.Fenced.class);
    assertThatThrownBy(() -> store.commit(intent("m1"), placement))
        .isInstanceOf(IntentException.Fenced.class);
    assertThatThrownBy(() -> store.end(intent("m1"), outcome("m1")))
        .isInstanceOf(IntentException.Fenced.class);
    assertThatThrownBy(() -> store.place(placement, Optional.empty(), DesiredState.RUNNING, true))
        .isInstanceOf(IntentException.Fenced.class);
    assertThatThrownBy(store::confirm).isInstanceOf(IntentException.Fenced.class);
    assertThatThrownBy(() -> store.mode(Mode.OFF)).isInstanceOf(IntentException.Fenced.class);
    assertThat(vms.get("web").placement()).isEqualTo(placement);
  }

  @Test
  void aMachineIsPartOfOneIntentAtMost() throws Exception {
    store.begin(intent("m1"));
    store.begin(intent("m1"));
    assertThatThrownBy(() -> store.begin(intent("m2")))
        .isInstanceOf(IntentException.Conflict.class);
    store.end(intent("m1"), outcome("m1"));
    store.begin(intent("m2"));
    assertThat(store.open()).extracting(MoveIntent::id).containsExactly("m2");
    assertThat(store.history()).containsExactly(outcome("m1"));
  }

  @Test
  void theCommitMovesPlacementAndIntentTogether() throws Exception {
    MoveIntent begun = intent("m1");
    store.begin(begun);
    MoveIntent committed = begun.with(begun.migration().committed());
    store.commit(committed, placement);
    VmPlacement moved = vms.get("web").placement();
    assertThat(moved.host()).contains("host2");
    assertThat(moved.placementEpoch()).isEqualTo(2);
    assertThat(store.open().getFirst().stage().committed()).isTrue();
    // After an unknown outcome the same call is made again.
    store.commit(committed, placement);
    assertThat(vms.get("web").placement()).isEqualTo(moved);
  }

  @Test
  void theCommitIsRefusedWhenThePlacementChanged() throws Exception {
    MoveIntent begun = intent("m1");
    store.begin(begun);
    store.place(placement, Optional.empty(), DesiredState.STOPPED, true);
    assertThatThrownBy(() -> store.commit(begun.with(begun.migration().committed()), placement))
        .isInstanceOf(IntentException.Conflict.class);
    assertThat(store.open()).containsExactly(begun);
    assertThat(vms.get("web").placement().host()).isEmpty();
  }

  @Test
  void everyChangeOfHostRaisesThePlacementEpoch() throws Exception {
    VmPlacement wish = store.place(placement, placement.host(), DesiredState.STOPPED, false);
    assertThat(wish.placementEpoch()).isEqualTo(placement.placementEpoch());
    VmPlacement away = store.place(wish, Optional.empty(), DesiredState.STOPPED, false);
    assertThat(away.placementEpoch()).isEqualTo(wish.placementEpoch() + 1);
    assertThat(vms.get("web").placement()).isEqualTo(away);
    assertThatThrownBy(() -> store.place(wish, Optional.of("host3"), DesiredState.RUNNING, false))
        .isInstanceOf(IntentException.Conflict.class);
  }

  @Test
  void theGateAdmitsOrdersOfTheNewestSchedulerForTheRecordedStage() throws Exception {
    ZooKeeperOrderGate gate = new ZooKeeperOrderGate(client);
    assertThat(gate.intentOpen("vm1")).isFalse();
    store.begin(intent("m1"));
    assertThat(gate.intentOpen("vm1")).isTrue();
    gate.admit(new Order(1, "m1", "prepare-1", Optional.of("PREPARE")));
    assertThatThrownBy(() -> gate.admit(new Order(1, "m1", "copy-2", Optional.of("COPY"))))
        .isInstanceOf(OrderRefusedException.class)
        .hasMessageContaining("PREPARE");
    assertThatThrownBy(() -> gate.admit(new Order(1, "m9", "copy-2", Optional.of("COPY"))))
        .isInstanceOf(OrderRefusedException.class);
    new ZooKeeperIntentStore(client).takeOver();
    assertThatThrownBy(() -> gate.admit(new Order(1, "m1", "prepare-1", Optional.of("PREPARE"))))
        .isInstanceOf(OrderRefusedException.class)
        .hasMessageContaining("newest is 2");
    gate.admit(Order.ofPlacement(2, "start-1", "start"));
  }

  @Test
  void withoutZooKeeperTheGateRefusesEverything() throws Exception {
    ZooKeeperOrderGate gate = new ZooKeeperOrderGate(client);
    server.stop();
    assertThatThrownBy(() -> gate.admit(Order.ofPlacement(1, "start-1", "start")))
        .isInstanceOf(OrderRefusedException.class)
        .hasMessageContaining("ZooKeeper");
    assertThatThrownBy(store::confirm).isInstanceOf(IntentException.Unavailable.class);
  }

  @Test
  void theModeSurvivesTheScheduler() throws Exception {
    assertThat(store.mode()).isEmpty();
    store.mode(Mode.RECOMMEND);
    ZooKeeperIntentStore successor = new ZooKeeperIntentStore(client);
    successor.takeOver();
    assertThat(successor.mode()).contains(Mode.RECOMMEND);
  }
}
