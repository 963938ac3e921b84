package io.drover.hostagent.host;

import java.util.List;
import java.util.Optional;

/** The cluster's record of hosts. Blocking; safe for use by many threads. */
public interface HostCatalog {

  /** Every host that ever reported, by name. */
  List<HostRecord> list() throws HostCatalogException;

  Optional<HostRecord> find(String host) throws HostCatalogException;

  /**
   * Records a host that was not known, or replaces its record if nobody changed it since {@code
   * next} was derived from it.
   *
   * @param next with the revision of the record it was derived from, -1 for a new host
   * @throws HostCatalogException.Conflict when the record was changed in between
   */
  HostRecord change(HostRecord next) throws HostCatalogException;
}
