package io.drover.daemon.cli;

import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.hostagent.vm.VmSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** VMs that run nowhere; every change that is made is written down. */
final class MemoryVms implements VmCatalog {
  private final Map<String, VmRecord> byName = new LinkedHashMap<>();
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());

  List<String> changes() {
    return changes;
  }

  @Override
  public synchronized VmRecord create(VmSpec spec) throws VmCatalogException {
    if (byName.containsKey(spec.name())) {
      throw new VmCatalogException.NameTaken("there is a VM '" + spec.name() + "' already");
    }
    VmRecord record =
        new VmRecord(
            spec, new VmPlacement(spec.id(), Optional.empty(), 0, DesiredState.STOPPED, 0));
    byName.put(spec.name(), record);
    changes.add("create " + spec.name());
    return record;
  }

  @Override
  public synchronized Optional<VmRecord> find(String nameOrId) {
    return byName.values().stream()
        .filter(vm -> vm.spec().name().equals(nameOrId) || vm.spec().id().value().equals(nameOrId))
        .findFirst();
  }

  @Override
  public synchronized List<VmRecord> list() {
    return List.copyOf(byName.values());
  }

  @Override
  public VmPlacement place(
      VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch)
      throws VmCatalogException {
    throw new VmCatalogException.Conflict("placing is the scheduler's");
  }

  @Override
  public VmRecord setMode(VmId vm, VmMode mode) throws VmCatalogException {
    changes.add("mode " + vm);
    return get(vm.value());
  }

  @Override
  public synchronized void delete(VmId vm) throws VmCatalogException {
    byName.remove(get(vm.value()).spec().name());
    changes.add("delete " + vm);
  }
}
