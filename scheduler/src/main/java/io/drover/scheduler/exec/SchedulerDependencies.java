package io.drover.scheduler.exec;

import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.power.PowerDriver;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.settings.SchedulerSettings;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What a scheduler is made of.
 *
 * @param node where it runs
 * @param intents made anew for every scheduler: it carries the epoch with which it took over
 * @param metrics made once per process
 * @param blocking runs what blocks; a virtual thread per task is right
 */
public record SchedulerDependencies(
    String node,
    VmCatalog vms,
    HostCatalog hosts,
    java.util.function.Supplier<IntentStore> intents,
    PowerDriver power,
    SchedulerSettings settings,
    SchedulerMetrics metrics,
    Clock clock,
    Executor blocking) {}
