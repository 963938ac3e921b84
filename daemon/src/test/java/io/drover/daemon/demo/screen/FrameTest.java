package io.drover.daemon.demo.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.daemon.demo.record.HostSeen;
import io.drover.daemon.demo.record.Look;
import io.drover.daemon.demo.record.VmSeen;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final VmSeen WEB = new VmSeen("web", "host1", "RUNNING", 300, 470, 450, "");
  private static final HostSeen HOST1 = new HostSeen("host1", "ON", true, true, 400, 470, 450, 1);
  private static final HostSeen HOST4 =
      new HostSeen("host4", "STANDBY", false, false, 400, 0, 0, 0);

  private static Look look(HostSeen host1, HostSeen host4, VmSeen vm) {
    return new Look(0, List.of(host1, host4), List.of(vm), Map.of("web", 460));
  }

  @Test
  void frameShowsLoadMachinesAndEvents() {
    Frame frame =
        new Frame(
            75,
            "overload",
            look(HOST1, HOST4, WEB),
            Map.of("web", 1_234L),
            List.of(new Event(70, "web begins to move", "host1 is too full")));
    String text = String.join("\n", frame.lines(120));
    assertThat(text)
        .contains("1:15", "overload", "118 %", "OVERLOADED", "host4   standby, no process")
        .contains("wants  470 m, gets  300 m, told  460 m", "1234 blocks verified")
        .contains("1:10  web begins to move | host1 is too full");
  }

  @Test
  void noLineIsWiderThanTheTerminalAndNothingOfAnEventIsLost() {
    String why = "because ".repeat(40) + "end";
    Frame frame =
        new Frame(
            5, "calm", look(HOST1, HOST4, WEB), Map.of(), List.of(new Event(1, "moved", why)));
    assertThat(frame.lines(60)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
    assertThat(frame.lines(60).getLast()).endsWith("end");
  }

  @Test
  void moveIsToldWithItsReason() {
    Look before = look(HOST1, HOST4, WEB);
    VmSeen moving = new VmSeen("web", "host1", "MOVING", 0, 0, 0, "");
    assertThat(
            Changes.between(
                before,
                look(HOST1, HOST4, moving),
                Map.of(Changes.moveKey("web", "host1"), "it is too full"),
                9))
        .containsExactly(new Event(9, "web begins to move away from host1", "it is too full"));
    VmSeen there = new VmSeen("web", "host4", "RUNNING", 0, 0, 0, "");
    assertThat(Changes.between(look(HOST1, HOST4, moving), look(HOST1, HOST4, there), Map.of(), 10))
        .containsExactly(new Event(10, "web now runs on host4, it came from host1", ""));
  }

  @Test
  void powerAndProcessAreToldApart() {
    HostSeen waking = new HostSeen("host4", "WAKING", false, true, 400, 0, 0, 0);
    assertThat(
            Changes.between(
                look(HOST1, HOST4, WEB), look(HOST1, waking, WEB), Map.of("host4", "a rise"), 3))
        .containsExactly(
            new Event(3, "host4 is woken", "a rise"), new Event(3, "host4's process is back", ""));
  }

  @Test
  void nothingHappenedNothingTold() {
    Look look = look(HOST1, HOST4, WEB);
    assertThat(Changes.between(look, look, Map.of(), 1)).isEmpty();
  }
}
