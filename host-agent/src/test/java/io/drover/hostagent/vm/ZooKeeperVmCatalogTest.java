package io.drover.hostagent.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.disk.DiskId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZooKeeperVmCatalogTest {
  private TestingServer server;
  private CuratorFramework client;
  private ZooKeeperVmCatalog catalog;

  @BeforeEach
  void open() throws Exception {
    server = new TestingServer(true);
    client =
        CuratorFrameworkFactory.builder()
            .connectString(server.getConnectString())
            .namespace("drover")
            .retryPolicy(new RetryOneTime(100))
            .build();
    client.start();
    catalog = new ZooKeeperVmCatalog(client);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    server.close();
  }

  @Test
  void machineIsFoundByNameAndByIdAsItWasCreated() throws Exception {
    VmSpec spec = spec("id-1", "web");
    VmRecord created = catalog.create(spec);

    assertThat(created.placement())
        .isEqualTo(new VmPlacement(spec.id(), Optional.empty(), 0, DesiredState.STOPPED, 0));
    assertThat(catalog.find("web")).contains(created);
    assertThat(catalog.get("id-1")).isEqualTo(created);
    assertThat(catalog.find("other")).isEmpty();
    assertThat(catalog.find("no/path")).isEmpty();
    assertThat(catalog.find("")).isEmpty();
    assertThatThrownBy(() -> catalog.get("other"))
        .isInstanceOf(VmCatalogException.NotFound.class)
        .hasMessageContaining("other");
  }

  @Test
  void nameAndIdBelongToOneMachine() throws Exception {
    catalog.create(spec("id-1", "web"));
    assertThatThrownBy(() -> catalog.create(spec("id-2", "web")))
        .isInstanceOf(VmCatalogException.NameTaken.class);
    assertThatThrownBy(() -> catalog.create(spec("id-1", "db")))
        .isInstanceOf(VmCatalogException.NameTaken.class);
    assertThat(catalog.list()).hasSize(1);
  }

  @Test
  void machinesAreListedByName() throws Exception {
    assertThat(catalog.list()).isEmpty();
    catalog.create(spec("id-1", "web"));
    catalog.create(spec("id-2", "db"));
    assertThat(catalog.list()).extracting(each -> each.spec().name()).containsExactly("db", "web");
  }

  @Test
  void placingRaisesTheEpochWithTheHostAndRefusesWhoComesLate() throws Exception {
    VmPlacement start = catalog.create(spec("id-1", "web")).placement();

    VmPlacement onOne = catalog.place(start, Optional.of("host1"), DesiredState.RUNNING, false);
    assertThat(onOne.placementEpoch()).isEqualTo(1);
    assertThat(catalog.get("web").placement()).isEqualTo(onOne);
    assertThatThrownBy(
            () -> catalog.place(start, Optional.of("host2"), DesiredState.RUNNING, false))
        .isInstanceOf(VmCatalogException.Conflict.class);

    VmPlacement wishedOff = catalog.place(onOne, Optional.of("host1"), DesiredState.STOPPED, false);
    assertThat(wishedOff.placementEpoch()).isEqualTo(1);
    VmPlacement again = catalog.place(wishedOff, Optional.of("host1"), DesiredState.RUNNING, true);
    assertThat(again.placementEpoch()).isEqualTo(2);
    VmPlacement nowhere = catalog.place(again, Optional.empty(), DesiredState.STOPPED, false);
    assertThat(nowhere.placementEpoch()).isEqualTo(3);
  }

  @Test
  void modeChangesAlone() throws Exception {
    VmRecord created = catalog.create(spec("id-1", "web"));
    VmRecord changed = catalog.setMode(created.spec().id(), VmMode.OFF);
    assertThat(changed.spec()).isEqualTo(created.spec().withMode(VmMode.OFF));
    assertThat(catalog.get("web")).isEqualTo(changed);
    assertThatThrownBy(() -> catalog.setMode(new VmId("none"), VmMode.OFF))
        .isInstanceOf(VmCatalogException.NotFound.class);
  }

  @Test
  void placedMachineIsNotForgotten() throws Exception {
    VmRecord created = catalog.create(spec("id-1", "web"));
    VmPlacement placed =
        catalog.place(created.placement(), Optional.of("host1"), DesiredState.RUNNING, false);
    assertThatThrownBy(() -> catalog.delete(created.spec().id()))
        .isInstanceOf(VmCatalogException.Conflict.class)
        .hasMessageContaining("host1");

    catalog.place(placed, Optional.empty(), DesiredState.STOPPED, false);
    catalog.delete(created.spec().id());
    assertThat(catalog.find("web")).isEmpty();
    assertThat(catalog.create(spec("id-2", "web")).spec().id()).isEqualTo(new VmId("id-2"));
    assertThatThrownBy(() -> catalog.delete(created.spec().id()))
        .isInstanceOf(VmCatalogException.NotFound.class);
  }

  @Test
  void coordinationServiceThatIsGoneIsSaid() throws Exception {
    catalog.create(spec("id-1", "web"));
    server.stop();
    assertThatThrownBy(() -> catalog.find("web"))
        .isInstanceOf(VmCatalogException.Unavailable.class)
        .hasMessageContaining("web");
  }

  private static VmSpec spec(String id, String name) {
    VmId vm = new VmId(id);
    return new VmSpec(
        vm,
        name,
        2,
        128,
        new BootSource.Kernel("/boot/vmlinuz", Optional.of("/boot/initrd"), "console=ttyS0"),
        List.of(new DiskId("disk-1"), new DiskId("disk-2")),
        VmSpec.macFor(vm),
        new VmPlatform("pc-i440fx-7.2", "qemu64", Accelerator.TCG),
        VmMode.AUTOMATIC,
        new VmRequirements(Set.of("host1"), Set.of(new VmId("id-9")), 250));
  }
}
