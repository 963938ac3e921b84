package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmEvent;
import io.drover.hostagent.vm.VmSpec;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A machine's copy on this host and what is known of it. Safe for use by many threads. */
final class LocalVm {
  private final VmSpec spec;
  private final RunningVm process;
  private volatile Optional<MigrationRun> run = Optional.empty();
  private volatile String trouble = "";
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> waitedEnough = new CompletableFuture<>();
  private volatile boolean poweredOff;
  private volatile boolean endAsked;

  /**
   * @param onCrash called when the process ended though neither guest nor agent wanted it
   */
  LocalVm(VmSpec spec, RunningVm process, Runnable onChange, Runnable onCrash) {
    this.spec = spec;
    this.process = process;
    process.onEvent(event -> happened(event, onChange, onCrash));
  }

  private void happened(VmEvent event, Runnable onChange, Runnable onCrash) {
    switch (event) {
      case VmEvent.Shutdown shutdown -> {
        // A hypervisor that somebody else told to end has not been powered off by its guest.
        poweredOff = shutdown.byGuest();
        trouble = shutdown.byGuest() ? "the guest powered off" : "its process was told to end";
        if (!shutdown.byGuest() && !endAsked) {
          onCrash.run();
        }
        ended.complete(null);
        onChange.run();
      }
      case VmEvent.Crashed crashed -> {
        if (!poweredOff && !endAsked) {
          trouble = "its process ended: " + crashed.message();
          onCrash.run();
        }
        ended.complete(null);
        onChange.run();
      }
      case VmEvent.IoError error -> {
        trouble = error.device() + " answered with an error: " + error.message();
        onChange.run();
      }
      case VmEvent.Resumed ignored -> trouble = "";
      case VmEvent.Stopped ignored -> onChange.run();
      case VmEvent.MigrationStatus ignored -> {}
    }
  }

  /** From here on the end of the process is wanted. */
  void endAsked() {
    endAsked = true;
  }

  VmSpec spec() {
    return spec;
  }

  RunningVm process() {
    return process;
  }

  long placementEpoch() {
    return process.placementEpoch();
  }

  Optional<MigrationRun> run() {
    return run;
  }

  void run(Optional<MigrationRun> current) {
    run = current;
  }

  String trouble() {
    return trouble;
  }

  /** Completes once the guest powered off or the process ended. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Completes once nobody shall wait for the guest to power off any more. */
  CompletableFuture<Void> waitedEnough() {
    return waitedEnough;
  }

  void waitNoLonger() {
    waitedEnough.complete(null);
  }

  CopyState state() {
    return switch (process.state()) {
      case RUNNING -> CopyState.RUNNING;
      case PAUSED -> CopyState.PAUSED;
      case IO_ERROR -> CopyState.IO_ERROR;
      case INCOMING -> CopyState.INCOMING;
      case POST_MIGRATE -> standing();
      case EXITED -> poweredOff ? CopyState.POWERED_OFF : CopyState.EXITED;
      case UNKNOWN -> CopyState.UNKNOWN;
    };
  }

  /** Until its migration completed, a source that stands still may yet go on by itself. */
  private CopyState standing() {
    try {
      Optional<MigrationRun> last = process.migration();
      return last.isPresent() && last.get().stats().phase() == MigrationPhase.COMPLETED
          ? CopyState.POST_MIGRATE
          : CopyState.PAUSED;
    } catch (HypervisorException unknown) {
      return CopyState.UNKNOWN;
    }
  }
}
