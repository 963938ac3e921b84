package io.drover.hostagent.vm;

import java.util.List;
import java.util.Optional;

/** The cluster's record of VMs. Blocking; safe for use by many threads. */
public interface VmCatalog {

  /**
   * Records a new VM, placed nowhere and wished stopped.
   *
   * @throws VmCatalogException.NameTaken when the name or the id is in use
   */
  VmRecord create(VmSpec spec) throws VmCatalogException;

  /** Finds a VM by its name or, failing that, its id. */
  Optional<VmRecord> find(String nameOrId) throws VmCatalogException;

  /** Like {@link #find}, for callers to whom absence is a failure. */
  default VmRecord get(String nameOrId) throws VmCatalogException {
    Optional<VmRecord> found = find(nameOrId);
    if (found.isEmpty()) {
      throw new VmCatalogException.NotFound("no VM is named '" + nameOrId + "' or has this id");
    }
    return found.get();
  }

  /** All VMs, ordered by name. */
  List<VmRecord> list() throws VmCatalogException;

  /**
   * Changes where the VM belongs or what is wished of it, if nobody changed it since {@code
   * expected} was read. A different host, and also the same host when {@code newEpoch} is asked,
   * raises the placement epoch.
   *
   * @throws VmCatalogException.Conflict when the record was changed in between
   */
  VmPlacement place(
      VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch)
      throws VmCatalogException;

  /** Changes the mode, leaving the rest of the description alone. */
  VmRecord setMode(VmId vm, VmMode mode) throws VmCatalogException;

  /**
   * Forgets a VM. Its disks stay.
   *
   * @throws VmCatalogException.Conflict while it is placed on a host
   */
  void delete(VmId vm) throws VmCatalogException;
}
