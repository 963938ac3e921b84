package io.drover.scheduler.intent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.drover.hostagent.agent.CoordinationPaths;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmNodes;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import io.drover.storage.meta.ZooKeeperSync;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Keeps intents as JSON in {@code intents/<id>}, below the client's chroot.
 *
 * <p>Every write is one transaction that first checks that the version of {@code scheduler/epoch}
 * is the one this store wrote when it took over; ZooKeeper thus fences an old scheduler by itself.
 */
public final class ZooKeeperIntentStore implements IntentStore {
  private static final String HISTORY = "/scheduler/moves";
  private static final String MODE = "/scheduler/mode";

  /** Kept small: one znode holds them all. */
  private static final int MOVES_KEPT = 200;

  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new Jdk8Module()).addModule(new JavaTimeModule()).build();

  private final CuratorFramework client;
  private volatile int epochVersion = -1;

  /**
   * A store for one scheduler.
   *
   * @param client with the cluster's chroot
   */
  public ZooKeeperIntentStore(CuratorFramework client) {
    this.client = client;
  }

  @Override
  public long takeOver() throws IntentException {
    try {
      ensure(CoordinationPaths.INTENTS);
      ensure(CoordinationPaths.VM_INTENTS);
      ensure(HISTORY);
      ensure(MODE);
      while (true) {
        Optional<Long> raised = raise();
        if (raised.isPresent()) {
          return raised.get();
        }
      }
    } catch (Exception e) {
      throw unavailable("cannot take over as scheduler", e);
    }
  }

  private void ensure(String path) throws Exception {
    try {
      client.create().creatingParentsIfNeeded().forPath(path, new byte[0]);
    } catch (KeeperException.NodeExistsException exists) {
      return;
    }
  }

  /** Empty when another scheduler raised it at the same moment. */
  private Optional<Long> raise() throws Exception {
    ZooKeeperSync.await(client);
    Stat stat = new Stat();
    try {
      byte[] data = client.getData().storingStatIn(stat).forPath(CoordinationPaths.SCHEDULER_EPOCH);
      long next = Long.parseLong(new String(data, US_ASCII)) + 1;
      epochVersion =
          client
              .setData()
              .withVersion(stat.getVersion())
              .forPath(CoordinationPaths.SCHEDULER_EPOCH, text(next))
              .getVersion();
      return Optional.of(next);
    } catch (KeeperException.NoNodeException first) {
      return createEpoch();
    } catch (KeeperException.BadVersionException raced) {
      return Optional.empty();
    }
  }

  private Optional<Long> createEpoch() throws Exception {
    try {
      client.create().creatingParentsIfNeeded().forPath(CoordinationPaths.SCHEDULER_EPOCH, text(1));
      epochVersion = 0;
      return Optional.of(1L);
    } catch (KeeperException.NodeExistsException raced) {
      return Optional.empty();
    }
  }

  @Override
  public List<MoveIntent> open() throws IntentException {
    try {
      List<MoveIntent> intents = new ArrayList<>();
      for (String id : client.getChildren().forPath(CoordinationPaths.INTENTS)) {
        intents.add(read(id));
      }
      return List.copyOf(intents);
    } catch (Exception e) {
      throw unavailable("cannot read the open intents", e);
    }
  }

  private MoveIntent read(String id) throws Exception {
    return JSON.readValue(client.getData().forPath(CoordinationPaths.intent(id)), MoveIntent.class);
  }

  @Override
  public void begin(MoveIntent intent) throws IntentException {
    try {
      transact(
          client
              .transactionOp()
              .create()
              .forPath(CoordinationPaths.intent(intent.id()), encode(intent)),
          client
              .transactionOp()
              .create()
              .forPath(
                  CoordinationPaths.vmIntent(intent.migration().vm()),
                  intent.id().getBytes(US_ASCII)));
    } catch (KeeperException.NodeExistsException exists) {
      if (!isOpen(intent)) {
        throw new IntentException.Conflict(intent.migration().vm() + " is part of another intent");
      }
    } catch (IntentException e) {
      throw e;
    } catch (Exception e) {
      throw unavailable("cannot record intent " + intent.id(), e);
    }
  }

  /** After an unknown outcome the retry finds its own record. */
  private boolean isOpen(MoveIntent intent) throws IntentException {
    try {
      byte[] owner = client.getData().forPath(CoordinationPaths.vmIntent(intent.migration().vm()));
      return new String(owner, US_ASCII).equals(intent.id());
    } catch (KeeperException.NoNodeException none) {
      return false;
    } catch (Exception e) {
      throw unavailable("cannot read back intent " + intent.id(), e);
    }
  }

  @Override
  public void record(MoveIntent intent) throws IntentException {
    try {
      transact(
          client
              .transactionOp()
              .setData()
              .forPath(CoordinationPaths.intent(intent.id()), encode(intent)));
    } catch (IntentException e) {
      throw e;
    } catch (Exception e) {
      throw unavailable("cannot record stage " + intent.stage() + " of intent " + intent.id(), e);
    }
  }

  @Override
  public void commit(MoveIntent committed, VmPlacement expected) throws IntentException {
    VmPlacement moved =
        new VmPlacement(
            expected.vm(),
            Optional.of(committed.migration().to()),
            committed.migration().toEpoch(),
            expected.desired(),
            expected.revision());
    try {
      transact(
          client
              .transactionOp()
              .setData()
              .withVersion(expected.revision())
              .forPath(VmNodes.placement(moved.vm()), VmNodes.encode(moved)),
          client
              .transactionOp()
              .setData()
              .forPath(CoordinationPaths.intent(committed.id()), encode(committed)));
    } catch (KeeperException.BadVersionException | KeeperException.NoNodeException changed) {
      if (!isCommitted(committed)) {
        throw new IntentException.Conflict(
            "the placement of " + expected.vm() + " was changed since the move of it began");
      }
    } catch (IntentException e) {
      throw e;
    } catch (Exception e) {
      throw unavailable("cannot tell whether intent " + committed.id() + " was committed", e);
    }
  }

  /** After an unknown outcome the retry meets its own change; both parts happened or neither. */
  private boolean isCommitted(MoveIntent intent) throws IntentException {
    try {
      ZooKeeperSync.await(client);
      return read(intent.id()).stage().committed();
    } catch (KeeperException.NoNodeException none) {
      return false;
    } catch (Exception e) {
      throw unavailable("cannot read back the commit of intent " + intent.id(), e);
    }
  }

  @Override
  public VmPlacement place(
      VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch)
      throws IntentException {
    boolean raised = newEpoch || !host.equals(expected.host());
    VmPlacement next =
        new VmPlacement(
            expected.vm(),
            host,
            expected.placementEpoch() + (raised ? 1 : 0),
            desired,
            expected.revision());
    try {
      List<CuratorTransactionResult> results =
          transact(
              client
                  .transactionOp()
                  .setData()
                  .withVersion(expected.revision())
                  .forPath(VmNodes.placement(next.vm()), VmNodes.encode(next)));
      int revision = results.getLast().getResultStat().getVersion();
      return new VmPlacement(
          next.vm(), next.host(), next.placementEpoch(), next.desired(), revision);
    } catch (KeeperException.BadVersionException | KeeperException.NoNodeException changed) {
      return ownChange(next);
    } catch (IntentException e) {
      throw e;
    } catch (Exception e) {
      throw unavailable("cannot tell whether " + expected.vm() + " was placed", e);
    }
  }

  /** After an unknown outcome the retry meets its own change. */
  private VmPlacement ownChange(VmPlacement wanted) throws IntentException {
    try {
      ZooKeeperSync.await(client);
      Stat stat = new Stat();
      byte[] data = client.getData().storingStatIn(stat).forPath(VmNodes.placement(wanted.vm()));
      VmPlacement now = VmNodes.decode(wanted.vm(), data, stat.getVersion());
      VmPlacement next =
          new VmPlacement(
              wanted.vm(),
              wanted.host(),
              wanted.placementEpoch(),
              wanted.desired(),
              wanted.revision() + 1);
      if (now.equals(next)) {
        return now;
      }
    } catch (KeeperException.NoNodeException deleted) {
      throw new IntentException.Conflict(wanted.vm() + " was deleted meanwhile");
    } catch (Exception e) {
      throw unavailable("cannot tell whether " + wanted.vm() + " was placed", e);
    }
    throw new IntentException.Conflict(
        "the placement of " + wanted.vm() + " was changed by someone else");
  }

  @Override
  public void confirm() throws IntentException {
    boolean replaced;
    try {
      replaced = fenced();
    } catch (Exception e) {
      throw unavailable("cannot tell whether this is still the scheduler", e);
    }
    if (replaced) {
      throw new IntentException.Fenced("another scheduler has taken over");
    }
  }

  @Override
  public Optional<Mode> mode() throws IntentException {
    try {
      String stored = new String(client.getData().forPath(MODE), US_ASCII);
      return Stream.of(Mode.values()).filter(mode -> mode.name().equals(stored)).findFirst();
    } catch (Exception e) {
      throw unavailable("cannot read the mode", e);
    }
  }

  @Override
  public void mode(Mode mode) throws IntentException {
    try {
      transact(client.transactionOp().setData().forPath(MODE, mode.name().getBytes(US_ASCII)));
    } catch (IntentException e) {
      throw e;
    } catch (Exception e) {
      throw unavailable("cannot keep the mode " + mode, e);
    }
  }

  @Override
  public void end(MoveIntent intent, MoveInfo outcome) throws IntentException {
    try {
      List<MoveInfo> moves = new ArrayList<>(history());
      moves.add(outcome);
      List<MoveInfo> kept = moves.subList(Math.max(0, moves.size() - MOVES_KEPT), moves.size());
      transact(
          client.transactionOp().delete().forPath(CoordinationPaths.intent(intent.id())),
          client
              .transactionOp()
              .delete()
              .forPath(CoordinationPaths.vmIntent(intent.migration().vm())),
          client.transactionOp().setData().forPath(HISTORY, JSON.writeValueAsBytes(kept)));
    } catch (KeeperException.NoNodeException endedBefore) {
      return;
    } catch (IntentException e) {
      throw e;
    } catch (Exception e) {
      throw unavailable("cannot end intent " + intent.id(), e);
    }
  }

  @Override
  public List<MoveInfo> history() throws IntentException {
    try {
      byte[] data = client.getData().forPath(HISTORY);
      return data.length == 0 ? List.of() : JSON.readValue(data, new TypeReference<>() {});
    } catch (Exception e) {
      throw unavailable("cannot read the history of moves", e);
    }
  }

  private List<CuratorTransactionResult> transact(CuratorOp... changes) throws Exception {
    List<CuratorOp> all = new ArrayList<>();
    all.add(
        client
            .transactionOp()
            .check()
            .withVersion(epochVersion)
            .forPath(CoordinationPaths.SCHEDULER_EPOCH));
    all.addAll(List.of(changes));
    try {
      return client.transaction().forOperations(all);
    } catch (KeeperException.BadVersionException e) {
      if (fenced()) {
        throw new IntentException.Fenced("another scheduler has taken over");
      }
      throw e;
    }
  }

  private boolean fenced() throws Exception {
    ZooKeeperSync.await(client);
    Stat stat = client.checkExists().forPath(CoordinationPaths.SCHEDULER_EPOCH);
    return stat == null || stat.getVersion() != epochVersion;
  }

  private static byte[] encode(MoveIntent intent) throws IOException {
    return JSON.writeValueAsBytes(intent);
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(US_ASCII);
  }

  private static IntentException.Unavailable unavailable(String what, Exception cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new IntentException.Unavailable(what + ": " + cause, cause);
  }
}
