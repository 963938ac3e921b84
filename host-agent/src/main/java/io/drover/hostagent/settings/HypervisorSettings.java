package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How VMs are run.
 *
 * @param cpuModel empty: fitting the accelerator
 * @param trialKernel empty: the machine's own newest kernel
 */
public record HypervisorSettings(
    String binary,
    String machineType,
    AcceleratorChoice accelerator,
    Optional<String> cpuModel,
    Optional<Path> trialKernel,
    Duration trialTimeout,
    Duration startTimeout,
    Duration commandTimeout,
    Duration diskReconnectDelay) {

  /** Which accelerator to use, or to find out. */
  public enum AcceleratorChoice {
    AUTO,
    KVM,
    TCG
  }

  static HypervisorSettings read(ConfigReader r) {
    Duration second = Duration.ofSeconds(1);
    Duration tenMinutes = Duration.ofMinutes(10);
    return new HypervisorSettings(
        Texts.required(r, "binary"),
        Texts.required(r, "machine-type"),
        r.choice("accelerator", AcceleratorChoice.class),
        r.optionalString("cpu-model").filter(model -> !model.equals("auto")),
        r.optionalString("trial-kernel").map(Path::of),
        r.duration("trial-timeout", second, tenMinutes),
        r.duration("start-timeout", second, tenMinutes),
        r.duration("command-timeout", Duration.ofMillis(100), tenMinutes),
        r.duration("disk-reconnect-delay", second, Duration.ofHours(24)));
  }
}
