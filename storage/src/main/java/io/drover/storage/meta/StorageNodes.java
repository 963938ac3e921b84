package io.drover.storage.meta;

import java.util.List;
import java.util.Optional;

/** The storage nodes that are alive now, by their ephemeral znodes. */
public interface StorageNodes {
  List<StorageNode> live() throws MetadataException;

  Optional<StorageNode> find(String nodeId) throws MetadataException;
}
