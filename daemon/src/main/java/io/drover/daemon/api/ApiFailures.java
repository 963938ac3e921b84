package io.drover.daemon.api;

import io.drover.hostagent.host.HostCatalogException;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.scheduler.view.SchedulerView;
import io.drover.storage.disk.DiskException;
import java.util.Optional;

/**
 * Says in HTTP's terms how the modules' operations fail.
 *
 * <p>400 and 404: the request must be changed. 409: something else must change first. 503: it may
 * be tried again.
 */
final class ApiFailures {
  private static final String TRY_AGAIN = "`drover status` tells who is missing; then try again";

  private ApiFailures() {}

  /** The error to answer with; empty for a failure that nobody foresaw. */
  static Optional<ApiException> of(Exception failure) {
    return switch (failure) {
      case ApiException known -> Optional.of(known);
      case DiskException disk -> Optional.of(disk(disk));
      case VmCatalogException vm -> Optional.of(vm(vm));
      case HostCatalogException host -> Optional.of(host(host));
      default -> Optional.empty();
    };
  }

  private static ApiException disk(DiskException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case DiskException.NotFound missing -> ApiException.notFound(message, "");
      case DiskException.AlreadyExists taken ->
          ApiException.badRequest(message, "choose another name");
      case DiskException.Invalid invalid -> ApiException.badRequest(message, "");
      case DiskException.InUse used -> ApiException.conflict(message, "");
      case DiskException.HeldElsewhere held ->
          ApiException.conflict(
              message,
              "stop the VM that uses it (`drover vm list`), or `drover disk detach` what an operator attached");
      case DiskException.NotEnoughNodes few -> ApiException.conflict(message, "");
      case DiskException.LeaseLost lost -> ApiException.unavailable(message, TRY_AGAIN);
      case DiskException.Unavailable out -> ApiException.unavailable(message, TRY_AGAIN);
    };
  }

  private static ApiException vm(VmCatalogException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case VmCatalogException.NameTaken taken ->
          ApiException.badRequest(message, "choose another name");
      case VmCatalogException.NotFound missing ->
          ApiException.notFound(message, "`drover vm list` shows those that exist");
      case VmCatalogException.Conflict conflict -> ApiException.conflict(message, "");
      case VmCatalogException.Unavailable out -> ApiException.unavailable(message, TRY_AGAIN);
    };
  }

  private static ApiException host(HostCatalogException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case HostCatalogException.Conflict conflict ->
          ApiException.conflict(message, "send the request again");
      case HostCatalogException.Unavailable out -> ApiException.unavailable(message, TRY_AGAIN);
    };
  }

  /** What the scheduler refused. */
  static ApiException refused(SchedulerView.Refused refused) {
    return switch (refused.reason()) {
      case NOT_FOUND ->
          ApiException.notFound(
              refused.message(), "`drover vms` and `drover hosts` show what there is");
      case INVALID -> ApiException.badRequest(refused.message(), "");
      case CONFLICT -> ApiException.conflict(refused.message(), "");
      case UNAVAILABLE -> ApiException.unavailable(refused.message(), TRY_AGAIN);
    };
  }
}
