package io.drover.hostagent.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drover.hostagent.vm.VmCatalogException.Conflict;
import io.drover.hostagent.vm.VmCatalogException.NameTaken;
import io.drover.hostagent.vm.VmCatalogException.NotFound;
import io.drover.hostagent.vm.VmCatalogException.Unavailable;
import io.drover.storage.meta.ZooKeeperSync;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Keeps VMs in ZooKeeper: {@code vms/<id>} the description, {@code vms/<id>/placement} where it
 * belongs, {@code vm-names/<name>} the id of the VM with this name.
 *
 * <p>What belongs together changes in one transaction. Reads come after a {@code sync}: an agent
 * decides by them whether a copy may run, and must not decide by what a server that is behind still
 * believes.
 */
public final class ZooKeeperVmCatalog implements VmCatalog {
  private final CuratorFramework client;

  /**
   * A catalogue.
   *
   * @param client with the cluster's chroot
   */
  public ZooKeeperVmCatalog(CuratorFramework client) {
    this.client = client;
  }

  private record Versioned(VmSpec spec, int version) {}

  @Override
  public VmRecord create(VmSpec spec) throws VmCatalogException {
    VmPlacement placement =
        new VmPlacement(spec.id(), Optional.empty(), 0, DesiredState.STOPPED, 0);
    try {
      ensure(VmNodes.VMS);
      ensure(VmNodes.NAMES);
      client
          .transaction()
          .forOperations(
              client
                  .transactionOp()
                  .create()
                  .forPath(VmNodes.name(spec.name()), spec.id().value().getBytes(UTF_8)),
              client.transactionOp().create().forPath(VmNodes.vm(spec.id()), VmNodes.encode(spec)),
              client
                  .transactionOp()
                  .create()
                  .forPath(VmNodes.placement(spec.id()), VmNodes.encode(placement)));
      return new VmRecord(spec, placement);
    } catch (KeeperException.NodeExistsException e) {
      throw new NameTaken(
          "a VM with the name '" + spec.name() + "' or the id " + spec.id() + " exists already");
    } catch (Exception e) {
      throw unavailable("cannot record VM " + spec.name(), e);
    }
  }

  private void ensure(String path) throws Exception {
    try {
      client.create().creatingParentsIfNeeded().forPath(path, new byte[0]);
    } catch (KeeperException.NodeExistsException exists) {
      return;
    }
  }

  @Override
  public Optional<VmRecord> find(String nameOrId) throws VmCatalogException {
    try {
      ZooKeeperSync.await(client);
      Optional<VmId> id = idOf(nameOrId);
      return id.isPresent() ? read(id.get()) : Optional.empty();
    } catch (Exception e) {
      throw unavailable("cannot look up VM '" + nameOrId + "'", e);
    }
  }

  /** A name that is also another VM's id means the name. */
  private Optional<VmId> idOf(String nameOrId) throws Exception {
    if (nameOrId.isEmpty() || nameOrId.indexOf('/') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new VmId(new String(client.getData().forPath(VmNodes.name(nameOrId)), UTF_8)));
    } catch (KeeperException.NoNodeException noSuchName) {
      return VmId.accepts(nameOrId) ? Optional.of(new VmId(nameOrId)) : Optional.empty();
    }
  }

  /** Empty also for a VM that is deleted between the two reads. */
  private Optional<VmRecord> read(VmId vm) throws Exception {
    try {
      VmSpec spec = VmNodes.decodeSpec(client.getData().forPath(VmNodes.vm(vm)));
      return Optional.of(new VmRecord(spec, readPlacement(vm)));
    } catch (KeeperException.NoNodeException none) {
      return Optional.empty();
    }
  }

  private VmPlacement readPlacement(VmId vm) throws Exception {
    Stat stat = new Stat();
    byte[] data = client.getData().storingStatIn(stat).forPath(VmNodes.placement(vm));
    return VmNodes.decode(vm, data, stat.getVersion());
  }

  @Override
  public List<VmRecord> list() throws VmCatalogException {
    try {
      ZooKeeperSync.await(client);
      List<VmRecord> records = new ArrayList<>();
      for (String id : children(VmNodes.VMS)) {
        read(new VmId(id)).ifPresent(records::add);
      }
      records.sort(Comparator.comparing(each -> each.spec().name()));
      return List.copyOf(records);
    } catch (Exception e) {
      throw unavailable("cannot list the VMs", e);
    }
  }

  private List<String> children(String path) throws Exception {
    try {
      return client.getChildren().forPath(path);
    } catch (KeeperException.NoNodeException none) {
      return List.of();
    }
  }

  @Override
  public VmPlacement place(
      VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch)
      throws VmCatalogException {
    boolean raise = newEpoch || !host.equals(expected.host());
    VmPlacement next =
        new VmPlacement(
            expected.vm(),
            host,
            expected.placementEpoch() + (raise ? 1 : 0),
            desired,
            expected.revision() + 1);
    try {
      int revision =
          client
              .setData()
              .withVersion(expected.revision())
              .forPath(VmNodes.placement(expected.vm()), VmNodes.encode(next))
              .getVersion();
      return new VmPlacement(next.vm(), host, next.placementEpoch(), desired, revision);
    } catch (KeeperException.BadVersionException e) {
      throw new Conflict(
          "the placement of VM " + expected.vm() + " was changed by someone else; read it again");
    } catch (KeeperException.NoNodeException e) {
      throw new NotFound("VM " + expected.vm() + " does not exist any more");
    } catch (Exception e) {
      throw unavailable("cannot place VM " + expected.vm(), e);
    }
  }

  @Override
  public VmRecord setMode(VmId vm, VmMode mode) throws VmCatalogException {
    try {
      Optional<VmRecord> changed = tryMode(vm, mode);
      while (changed.isEmpty()) {
        changed = tryMode(vm, mode);
      }
      return changed.get();
    } catch (KeeperException.NoNodeException e) {
      throw notFound(vm);
    } catch (Exception e) {
      throw unavailable("cannot change the mode of VM " + vm, e);
    }
  }

  /** Empty when somebody changed another part of the description, which must not be undone. */
  private Optional<VmRecord> tryMode(VmId vm, VmMode mode) throws Exception {
    Versioned stored = readSpec(vm);
    VmSpec next = stored.spec().withMode(mode);
    try {
      client.setData().withVersion(stored.version()).forPath(VmNodes.vm(vm), VmNodes.encode(next));
      return Optional.of(new VmRecord(next, readPlacement(vm)));
    } catch (KeeperException.BadVersionException changedMeanwhile) {
      return Optional.empty();
    }
  }

  private Versioned readSpec(VmId vm) throws Exception {
    Stat stat = new Stat();
    byte[] data = client.getData().storingStatIn(stat).forPath(VmNodes.vm(vm));
    return new Versioned(VmNodes.decodeSpec(data), stat.getVersion());
  }

  @Override
  public void delete(VmId vm) throws VmCatalogException {
    try {
      ZooKeeperSync.await(client);
      Versioned stored = readSpec(vm);
      VmPlacement placement = readPlacement(vm);
      if (placement.host().isPresent()) {
        throw new Conflict(
            "VM "
                + stored.spec().name()
                + " is placed on host "
                + placement.host().get()
                + "; stop it first");
      }
      client
          .transaction()
          .forOperations(
              client
                  .transactionOp()
                  .delete()
                  .withVersion(placement.revision())
                  .forPath(VmNodes.placement(vm)),
              client.transactionOp().delete().forPath(VmNodes.vm(vm)),
              client.transactionOp().delete().forPath(VmNodes.name(stored.spec().name())));
    } catch (KeeperException.BadVersionException e) {
      throw new Conflict("VM " + vm + " was started or changed meanwhile; look at it again");
    } catch (KeeperException.NoNodeException e) {
      throw notFound(vm);
    } catch (Conflict e) {
      throw e;
    } catch (Exception e) {
      throw unavailable("cannot delete VM " + vm, e);
    }
  }

  private static NotFound notFound(VmId vm) {
    return new NotFound("VM " + vm + " does not exist");
  }

  private static Unavailable unavailable(String what, Exception cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    String why = cause instanceof IOException ? "its record cannot be read or written: " : "";
    return new Unavailable(what + ": " + why + cause.getMessage(), cause);
  }
}
