package io.drover.scheduler.exec;

import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.OrderGate;
import io.drover.hostagent.agent.OrderRefusedException;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostCatalogException;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.hostagent.vm.VmSpec;
import io.drover.scheduler.intent.IntentException;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.intent.MoveIntent;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * ZooKeeper in the simulated world. A call may fail before it did anything, and also after: then it
 * happened, and its caller does not know.
 */
final class SimStore {
  final SimWorld world;
  final Map<String, VmSpec> specs = new TreeMap<>();
  final Map<String, VmPlacement> placements = new TreeMap<>();
  final Map<String, HostRecord> hosts = new TreeMap<>();
  final Map<String, MoveIntent> intents = new TreeMap<>();
  final List<MoveInfo> history = new ArrayList<>();
  Optional<Mode> mode = Optional.empty();
  long epoch;

  /** Told of every change of a placement: how it was, and how it is. */
  BiConsumer<VmPlacement, VmPlacement> onPlaced = (before, after) -> {};

  SimStore(SimWorld world) {
    this.world = world;
  }

  private interface Call<T, E extends Exception> {
    T run() throws E;
  }

  private interface Trouble<E extends Exception> {
    E of(String why);
  }

  private <T, E extends Exception> T call(Trouble<E> trouble, Call<T, E> call) throws E {
    world.point();
    if (world.fails()) {
      throw trouble.of("connection lost before");
    }
    T result = call.run();
    world.point();
    if (world.fails()) {
      throw trouble.of("connection lost after");
    }
    return result;
  }

  private VmPlacement put(VmPlacement next) {
    VmPlacement before = placements.get(next.vm().value());
    if (before != null
        && !before.host().equals(next.host())
        && next.placementEpoch() <= before.placementEpoch()) {
      throw new AssertionError("placement changed without a higher epoch: " + before + " " + next);
    }
    VmPlacement stored =
        new VmPlacement(
            next.vm(),
            next.host(),
            next.placementEpoch(),
            next.desired(),
            before == null ? 0 : before.revision() + 1);
    placements.put(next.vm().value(), stored);
    if (before != null) {
      onPlaced.accept(before, stored);
    }
    world.note("placed " + stored);
    return stored;
  }

  void create(VmSpec spec, Optional<String> host, DesiredState desired) {
    specs.put(spec.id().value(), spec);
    put(new VmPlacement(spec.id(), Optional.empty(), 0, desired, 0));
    if (host.isPresent()) {
      put(new VmPlacement(spec.id(), host, 1, desired, 0));
    }
  }

  VmPlacement placement(String vm) {
    return Objects.requireNonNull(placements.get(vm));
  }

  VmCatalog vms() {
    return new Vms();
  }

  HostCatalog hosts() {
    return new Hosts();
  }

  IntentStore intentStore() {
    return new Intents();
  }

  /** The gate of an agent that may be cut off. */
  OrderGate gate(java.util.function.BooleanSupplier cutOff) {
    return new Gate(cutOff);
  }

  private static VmCatalogException.Unavailable vmsOut(String why) {
    return new VmCatalogException.Unavailable(why, new IllegalStateException(why));
  }

  private static HostCatalogException.Unavailable hostsOut(String why) {
    return new HostCatalogException.Unavailable(why, new IllegalStateException(why));
  }

  private static IntentException intentsOut(String why) {
    return new IntentException.Unavailable(why, new IllegalStateException(why));
  }

  private final class Vms implements VmCatalog {
    @Override
    public VmRecord create(VmSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<VmRecord> find(String id) throws VmCatalogException {
      return this.<Optional<VmRecord>>read(() -> Optional.ofNullable(record(id)));
    }

    private <T> T read(Call<T, VmCatalogException> call) throws VmCatalogException {
      return SimStore.this.<T, VmCatalogException>call(SimStore::vmsOut, call);
    }

    private @org.jspecify.annotations.Nullable VmRecord record(String id) {
      VmSpec spec = specs.get(id);
      VmPlacement placement = placements.get(id);
      return spec == null || placement == null ? null : new VmRecord(spec, placement);
    }

    @Override
    public List<VmRecord> list() throws VmCatalogException {
      return this.<List<VmRecord>>read(() -> {
        List<VmRecord> all = new ArrayList<>();
        specs.forEach((id, spec) -> {
          VmRecord record = record(id);
          if (record != null) {
            all.add(record);
          }
        });
        return all;
      });
    }

    @Override
    public VmPlacement place(
        VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public VmRecord setMode(VmId vm, VmMode mode) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(VmId vm) {
      specs.remove(vm.value());
      placements.remove(vm.value());
    }
  }

  private final class Hosts implements HostCatalog {
    @Override
    public List<HostRecord> list() throws HostCatalogException {
      return SimStore.this.<List<HostRecord>, HostCatalogException>call(
          SimStore::hostsOut, () -> List.copyOf(hosts.values()));
    }

    @Override
    public Optional<HostRecord> find(String host) throws HostCatalogException {
      return SimStore.this.<Optional<HostRecord>, HostCatalogException>call(
          SimStore::hostsOut, () -> Optional.ofNullable(hosts.get(host)));
    }

    @Override
    public HostRecord change(HostRecord next) throws HostCatalogException {
      return SimStore.this.<HostRecord, HostCatalogException>call(
          SimStore::hostsOut,
          () -> {
            HostRecord before = hosts.get(next.host());
            if ((before == null ? -1 : before.revision()) != next.revision()) {
              throw new HostCatalogException.Conflict("changed by someone else");
            }
            HostRecord stored =
                new HostRecord(
                    next.host(),
                    next.power(),
                    next.thenStandby(),
                    next.since(),
                    next.bootDuration(),
                    next.traits(),
                    next.revision() + 1);
            hosts.put(next.host(), stored);
            world.note("host " + stored.host() + " is " + stored.power());
            return stored;
          });
    }
  }

  private final class Intents implements IntentStore {
    private long own;

    private <T> T guarded(Call<T, IntentException> call) throws IntentException {
      return SimStore.this.<T, IntentException>call(
          SimStore::intentsOut,
          () -> {
            if (own != epoch) {
              throw new IntentException.Fenced("epoch " + own + " is old");
            }
            return call.run();
          });
    }

    @Override
    public long takeOver() throws IntentException {
      return SimStore.this.<Long, IntentException>call(
          SimStore::intentsOut,
          () -> {
            epoch++;
            own = epoch;
            world.note("scheduler epoch " + epoch);
            return epoch;
          });
    }

    @Override
    public List<MoveIntent> open() throws IntentException {
      return SimStore.this.<List<MoveIntent>, IntentException>call(
          SimStore::intentsOut, () -> List.copyOf(intents.values()));
    }

    @Override
    public void begin(MoveIntent intent) throws IntentException {
      this.<Boolean>guarded(() -> {
        String vm = intent.migration().vm();
        boolean other =
            intents.values().stream()
                .anyMatch(
                    open -> open.migration().vm().equals(vm) && !open.id().equals(intent.id()));
        if (other) {
          throw new IntentException.Conflict("another intent is open");
        }
        intents.put(intent.id(), intent);
        world.note(
            "intent "
                + intent.id()
                + " "
                + intent.migration().from()
                + " -> "
                + intent.migration().to());
        return true;
      });
    }

    @Override
    public void record(MoveIntent intent) throws IntentException {
      this.<Boolean>guarded(() -> {
        if (!intents.containsKey(intent.id())) {
          throw new IllegalStateException("intent " + intent.id() + " is not open");
        }
        intents.put(intent.id(), intent);
        world.note("intent " + intent.id() + " is at " + intent.stage());
        return true;
      });
    }

    @Override
    public void commit(MoveIntent committed, VmPlacement expected) throws IntentException {
      this.<Boolean>guarded(() -> {
        String vm = committed.migration().vm();
        VmPlacement now = placements.get(vm);
        if (now == null || now.revision() != expected.revision()) {
          MoveIntent stored = intents.get(committed.id());
          if (stored != null && stored.stage().committed()) {
            return true;
          }
          throw new IntentException.Conflict("placement changed");
        }
        put(
            new VmPlacement(
                now.vm(),
                Optional.of(committed.migration().to()),
                committed.migration().toEpoch(),
                now.desired(),
                0));
        intents.put(committed.id(), committed);
        world.note("intent " + committed.id() + " committed");
        return true;
      });
    }

    @Override
    public VmPlacement place(
        VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch)
        throws IntentException {
      return this.<VmPlacement>guarded(() -> {
        VmPlacement now = placements.get(expected.vm().value());
        if (now == null || now.revision() != expected.revision()) {
          throw new IntentException.Conflict("placement changed");
        }
        boolean raise = newEpoch || !host.equals(now.host());
        return put(
            new VmPlacement(now.vm(), host, now.placementEpoch() + (raise ? 1 : 0), desired, 0));
      });
    }

    @Override
    public void confirm() throws IntentException {
      this.<Boolean>guarded(() -> true);
    }

    @Override
    public Optional<Mode> mode() {
      return mode;
    }

    @Override
    public void mode(Mode next) throws IntentException {
      this.<Boolean>guarded(() -> {
        mode = Optional.of(next);
        return true;
      });
    }

    @Override
    public void end(MoveIntent intent, MoveInfo outcome) throws IntentException {
      this.<Boolean>guarded(() -> {
        if (intents.remove(intent.id()) != null) {
          history.add(outcome);
          world.note("intent " + intent.id() + " ended: " + outcome.outcome());
        }
        return true;
      });
    }

    @Override
    public List<MoveInfo> history() {
      return List.copyOf(history);
    }
  }

  private final class Gate implements OrderGate {
    private final java.util.function.BooleanSupplier cutOff;

    Gate(java.util.function.BooleanSupplier cutOff) {
      this.cutOff = cutOff;
    }

    @Override
    public void admit(Order order) throws OrderRefusedException {
      this.<Boolean>asked(() -> {
        if (order.schedulerEpoch() != epoch) {
          throw new OrderRefusedException("epoch " + order.schedulerEpoch() + " is old");
        }
        if (order.recordedStage().isPresent()) {
          MoveIntent open = intents.get(order.intentId());
          if (open == null || !open.stage().name().equals(order.recordedStage().get())) {
            throw new OrderRefusedException("intent is not in stage " + order.recordedStage());
          }
        }
        return true;
      });
    }

    private <T> T asked(Call<T, OrderRefusedException> call) throws OrderRefusedException {
      if (cutOff.getAsBoolean()) {
        throw new OrderRefusedException("cut off");
      }
      return SimStore.this.<T, OrderRefusedException>call(OrderRefusedException::new, call);
    }

    @Override
    public boolean intentOpen(String vm) throws OrderRefusedException {
      return this.<Boolean>asked(
          () -> intents.values().stream().anyMatch(i -> i.migration().vm().equals(vm)));
    }
  }
}
