package io.drover.storage.meta;

import io.drover.storage.disk.DiskException;
import io.drover.storage.version.VersionTreeException;

/** Turns failures of metadata and version tree into those that users of disks handle. */
public final class Failures {
  private Failures() {}

  public static DiskException of(String operation, MetadataException e) {
    String message = operation + ": " + e.getMessage();
    return switch (e) {
      case MetadataException.Missing _ -> new DiskException.NotFound(message);
      case MetadataException.LeaseTaken _ -> new DiskException.LeaseLost(message);
      case MetadataException.Conflict _ ->
          new DiskException.Unavailable(message + "; try again", e);
      case MetadataException.Unavailable _ -> new DiskException.Unavailable(message, e);
    };
  }

  public static DiskException of(String diskName, VersionTreeException e) {
    String message = "disk '" + diskName + "': " + e.getMessage();
    return switch (e.problem()) {
      case NAME_TAKEN -> new DiskException.AlreadyExists(message);
      case NO_SUCH_SNAPSHOT -> new DiskException.NotFound(message);
      case HAS_CLONES, NOT_SEALED -> new DiskException.InUse(message);
      case BAD_NAME, TOO_MANY_VERSIONS -> new DiskException.Invalid(message);
    };
  }
}
