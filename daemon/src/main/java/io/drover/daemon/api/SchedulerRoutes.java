package io.drover.daemon.api;

import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerQuery;
import io.drover.scheduler.view.SchedulerView;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;

/** What the scheduler knows and does: hosts, VMs as they run, plans, moves and operations. */
public final class SchedulerRoutes {
  private static final int SHOWN_MOVES = 50;
  private static final int MOST_MOVES = 1_000;
  private static final List<String> MODES = List.of("automatic", "recommend", "off");

  private final SchedulerLink scheduler;

  private SchedulerRoutes(SchedulerLink scheduler) {
    this.scheduler = scheduler;
  }

  /** Adds the routes. */
  public static void register(ApiRouter router, SchedulerLink scheduler) {
    SchedulerRoutes routes = new SchedulerRoutes(scheduler);
    router
        .on("GET", "/v1/hosts", call -> scheduler.get(SchedulerQuery.GetHosts::new))
        .on("GET", "/v1/vms", call -> scheduler.get(SchedulerQuery.GetVms::new))
        .on("GET", "/v1/plan", call -> scheduler.get(SchedulerQuery.GetPlan::new))
        .on("POST", "/v1/plan/approve", routes::approve)
        .on("POST", "/v1/plan/reject", routes::reject)
        .on("GET", "/v1/moves", routes::moves)
        .on("POST", "/v1/mode", routes::mode);
    routes.onNamed(router, "GET", "/v1/explain/{vm}", "vm", SchedulerQuery.ExplainVm::new);
    routes.onNamed(
        router, "GET", "/v1/hosts/{host}/explain", "host", SchedulerQuery.ExplainHost::new);
    routes.onNamed(router, "GET", "/v1/operations/{id}", "id", SchedulerQuery.GetOperation::new);
    routes.onNamed(router, "POST", "/v1/vms/{vm}/reset", "vm", SchedulerCommand.ResetVm::new);
    routes.onNamed(router, "DELETE", "/v1/vms/{vm}", "vm", SchedulerCommand.DeleteVm::new);
    routes.onNamed(
        router, "POST", "/v1/hosts/{host}/drain", "host", SchedulerCommand.DrainHost::new);
    routes.onNamed(
        router, "POST", "/v1/hosts/{host}/undrain", "host", SchedulerCommand.UndrainHost::new);
    routes.onNamed(
        router, "POST", "/v1/hosts/{host}/standby", "host", SchedulerCommand.StandbyHost::new);
    routes.onNamed(router, "POST", "/v1/hosts/{host}/wake", "host", SchedulerCommand.WakeHost::new);
    router
        .on("POST", "/v1/vms/{vm}/stop", routes::stop)
        .on("POST", "/v1/vms/{vm}/migrate", routes::migrate);
  }

  private void onNamed(
      ApiRouter router,
      String method,
      String path,
      String name,
      BiFunction<String, ActorRef<SchedulerView>, SchedulerInbox> message) {
    router.on(
        method, path, call -> scheduler.get(replyTo -> message.apply(call.name(name), replyTo)));
  }

  private Object approve(ApiCall call) throws Exception {
    String plan = call.text("planId");
    return scheduler.get(replyTo -> new SchedulerCommand.ApprovePlan(plan, replyTo));
  }

  private Object reject(ApiCall call) throws Exception {
    String plan = call.text("planId");
    return scheduler.get(replyTo -> new SchedulerCommand.RejectPlan(plan, replyTo));
  }

  private Object moves(ApiCall call) throws Exception {
    int limit = (int) Queries.number(call, "limit", 1, MOST_MOVES, SHOWN_MOVES);
    return scheduler.get(replyTo -> new SchedulerQuery.GetMoves(limit, replyTo));
  }

  private Object mode(ApiCall call) throws Exception {
    String mode = call.text("mode");
    if (!MODES.contains(mode)) {
      throw ApiException.badRequest(
          "'" + mode + "' is not a mode", "give one of " + String.join(", ", MODES));
    }
    return scheduler.get(replyTo -> new SchedulerCommand.SetMode(mode, replyTo));
  }

  private Object stop(ApiCall call) throws Exception {
    boolean force = call.flag("force");
    return scheduler.get(replyTo -> new SchedulerCommand.StopVm(call.name("vm"), force, replyTo));
  }

  private Object migrate(ApiCall call) throws Exception {
    String to = call.text("to");
    return scheduler.get(replyTo -> new SchedulerCommand.MigrateVm(call.name("vm"), to, replyTo));
  }
}
