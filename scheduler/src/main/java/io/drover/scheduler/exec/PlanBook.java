package io.drover.scheduler.exec;

import io.drover.scheduler.plan.Action;
import io.drover.scheduler.plan.ClusterState;
import io.drover.scheduler.plan.Explanation;
import io.drover.scheduler.plan.Plan;
import io.drover.scheduler.view.SchedulerView.ActionInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The newest plan and what became of its actions.
 *
 * <p>A plan's id follows from its actions: as long as the planner proposes the same, the id is the
 * same, so that an operator can approve what was shown a minute ago.
 */
final class PlanBook {
  private Optional<Plan> plan = Optional.empty();
  private Optional<ClusterState> state = Optional.empty();
  private String id = "";
  private final Map<String, String> states = new HashMap<>();
  private final Map<String, Instant> rejected = new HashMap<>();

  void put(Plan next, ClusterState made) {
    plan = Optional.of(next);
    state = Optional.of(made);
    states.clear();
    rejected.values().removeIf(until -> until.isBefore(next.at()));
    id = idOf(next.actions());
  }

  Optional<Plan> plan() {
    return plan;
  }

  /** What the newest plan was made from. */
  Optional<ClusterState> state() {
    return state;
  }

  String id() {
    return id;
  }

  /** Actions that wait for an operator's yes. */
  List<Action> waiting() {
    return plan.map(Plan::actions).orElse(List.of()).stream()
        .filter(action -> action.needsApproval() && !isRejected(action))
        .toList();
  }

  boolean isRejected(Action action) {
    return rejected.containsKey(key(action));
  }

  /** What an operator does not want is not proposed again for a while. */
  void reject(List<Action> actions, Instant until) {
    actions.forEach(action -> rejected.put(key(action), until));
  }

  void note(Action action, String what) {
    states.put(key(action), what);
  }

  List<ActionInfo> shown() {
    List<ActionInfo> shown = new ArrayList<>();
    for (Action action : plan.map(Plan::actions).orElse(List.of())) {
      String state = states.getOrDefault(key(action), "planned");
      if (isRejected(action)) {
        state = "rejected";
      } else if (action.needsApproval() && state.equals("planned")) {
        state = "waits for approval";
      }
      shown.add(info(action, state));
    }
    return shown;
  }

  static String kind(Action action) {
    return switch (action) {
      case Action.Move ignored -> "move";
      case Action.Standby ignored -> "standby";
      case Action.Wake ignored -> "wake";
      case Action.StartVm ignored -> "start";
    };
  }

  private static ActionInfo info(Action action, String state) {
    String why = text(action.explanation());
    return switch (action) {
      case Action.Move move ->
          new ActionInfo(
              "move",
              move.vm(),
              move.from(),
              move.to(),
              move.purpose().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + why,
              state);
      case Action.Standby standby -> new ActionInfo("standby", "", standby.host(), "", why, state);
      case Action.Wake wake -> new ActionInfo("wake", "", "", wake.host(), why, state);
      case Action.StartVm start ->
          new ActionInfo("start", start.vm(), "", start.host(), why, state);
    };
  }

  /** An explanation in one text. */
  static String text(Explanation e) {
    StringBuilder text = new StringBuilder(e.summary());
    if (e.benefit() > 0 || e.cost() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "; benefit %.1f, cost %.1f, risk %.1f core-seconds",
              e.benefit(),
              e.cost(),
              e.risk()));
    }
    if (!e.forecasts().isEmpty()) {
      text.append("; rests on ").append(String.join(", ", e.forecasts()));
    }
    for (Explanation.Alternative other : e.alternatives()) {
      text.append("; instead, ").append(other.what()).append(": ").append(other.whyNot());
    }
    return text.toString();
  }

  /** What tells two actions apart, fit for a log line. */
  static String key(Action action) {
    return switch (action) {
      case Action.Move move -> "move " + move.vm() + " " + move.from() + " " + move.to();
      case Action.Standby standby -> "standby " + standby.host();
      case Action.Wake wake -> "wake " + wake.host();
      case Action.StartVm start -> "start " + start.vm() + " " + start.host();
    };
  }

  private static String idOf(List<Action> actions) {
    List<String> keys = actions.stream().map(PlanBook::key).sorted().toList();
    return "p" + Integer.toHexString(keys.hashCode());
  }
}
