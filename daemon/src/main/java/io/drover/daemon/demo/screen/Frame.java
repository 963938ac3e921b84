package io.drover.daemon.demo.screen;

import io.drover.daemon.demo.record.HostSeen;
import io.drover.daemon.demo.record.Look;
import io.drover.daemon.demo.record.VmSeen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The picture of one moment.
 *
 * @param heading what goes on
 * @param verified blocks that each guest has verified so far
 * @param recent newest last
 */
public record Frame(
    long secondsIn, String heading, Look look, Map<String, Long> verified, List<Event> recent) {
  private static final int BAR = 32;
  private static final double BAR_HOLDS = 1.3;
  private static final int EVENT_LINES = 10;
  private static final int INDENT = 8;

  /** Lines of at most the given width. */
  public List<String> lines(int width) {
    List<String> lines = new ArrayList<>();
    lines.add("Drover demo  %d:%02d   %s".formatted(secondsIn / 60, secondsIn % 60, heading));
    lines.add("");
    for (HostSeen host : look.hosts()) {
      lines.add(line(host));
      look.vms().stream()
          .filter(vm -> vm.host().equals(host.name()))
          .forEach(vm -> lines.add(line(vm)));
    }
    look.vms().stream()
        .filter(vm -> look.host(vm.host()).isEmpty())
        .forEach(vm -> lines.add(line(vm)));
    lines.add("");
    List<String> events = new ArrayList<>();
    for (Event event : recent) {
      events.addAll(wrap(event.line(), width));
    }
    lines.addAll(events.subList(Math.max(0, events.size() - EVENT_LINES), events.size()));
    return lines.stream().map(line -> cut(line, width)).toList();
  }

  /** For places where each event has been told already. */
  Frame withoutEvents() {
    return new Frame(secondsIn, heading, look, verified, List.of());
  }

  private static String line(HostSeen host) {
    if (host.asleep()) {
      return "  %-6s  standby, no process".formatted(host.name());
    }
    double share = share(host.demandMillicores(), host.capacityMillicores());
    return "  %-6s [%s] %3.0f %% of %d m  %s%s"
        .formatted(
            host.name(),
            bar(share),
            share * 100,
            host.capacityMillicores(),
            host.power().equals("ON") ? "" : host.power().toLowerCase(java.util.Locale.ROOT),
            host.demandMillicores() > host.capacityMillicores() ? "OVERLOADED" : "");
  }

  private String line(VmSeen vm) {
    return "           %-6s %-9s wants %4d m, gets %4d m, told %4d m   %6d blocks verified %s"
        .formatted(
            vm.name(),
            vm.state().toLowerCase(java.util.Locale.ROOT),
            vm.demandMillicores(),
            vm.usedMillicores(),
            look.told().getOrDefault(vm.name(), 0),
            verified.getOrDefault(vm.name(), 0L),
            vm.trouble());
  }

  private static double share(int demand, int capacity) {
    return capacity == 0 ? 0 : (double) demand / capacity;
  }

  /** Full at 130 %; the mark stands at 100 %. */
  private static String bar(double share) {
    int filled = (int) Math.round(Math.min(share, BAR_HOLDS) / BAR_HOLDS * BAR);
    int mark = (int) Math.round(BAR / BAR_HOLDS);
    StringBuilder bar = new StringBuilder();
    for (int i = 0; i < BAR; i++) {
      bar.append(i < filled ? '#' : i == mark ? '|' : ' ');
    }
    return bar.toString();
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int at = rest.lastIndexOf(' ', width);
      int end = at > INDENT ? at : width;
      lines.add(rest.substring(0, end));
      rest = " ".repeat(INDENT) + rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, width);
  }
}
