package io.drover.daemon.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoadScriptTest {
  private static final int CAPACITY = 400;
  private static final FleetShape FLEET =
      new FleetShape(
          List.of("host1", "host2", "host3", "host4"), CAPACITY, 0.9, Duration.ofSeconds(2));

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  private static Map<String, Integer> perHost(
      Map<String, String> placement, Map<String, Integer> loads) {
    Map<String, Integer> sums = new TreeMap<>();
    loads.forEach((vm, load) -> sums.merge(placement.getOrDefault(vm, ""), load, Integer::sum));
    return sums;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void sameSeedSameScript(long seed) {
    LoadScript one = new LoadScript(seed, FLEET);
    LoadScript other = new LoadScript(seed, FLEET);
    assertThat(one.machines()).isEqualTo(other.machines());
    assertThat(one.startingHosts()).isEqualTo(other.startingHosts());
    for (PhaseKind kind : PhaseKind.values()) {
      assertThat(one.loads(kind, one.startingHosts()))
          .isEqualTo(other.loads(kind, one.startingHosts()));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachJudgedPhaseComesOnceAndQuietBeforeTheRise(long seed) {
    List<PhaseKind> phases = new LoadScript(seed, FLEET).phases();
    assertThat(Collections.frequency(phases, PhaseKind.OVERLOAD)).isEqualTo(1);
    assertThat(Collections.frequency(phases, PhaseKind.GLITCH)).isEqualTo(1);
    assertThat(phases).endsWith(PhaseKind.QUIET, PhaseKind.RISE);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void calmOverloadsNobody(long seed) {
    LoadScript script = new LoadScript(seed, FLEET);
    Map<String, String> placement = script.startingHosts();
    assertThat(perHost(placement, script.loads(PhaseKind.CALM, placement).at(Duration.ZERO)))
        .allSatisfy((host, sum) -> assertThat(sum).isLessThan((int) (CAPACITY * 0.8)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneMoveRelievesTheOverload(long seed) {
    LoadScript script = new LoadScript(seed, FLEET);
    Map<String, String> placement = script.startingHosts();
    PhaseLoads phase = script.loads(PhaseKind.OVERLOAD, placement);
    Map<String, Integer> loads = phase.at(Duration.ofSeconds(5));
    String hot = phase.subject().orElseThrow();
    assertThat(perHost(placement, loads).get(hot)).isGreaterThan(CAPACITY);
    boolean oneIsEnough = false;
    for (Map.Entry<String, String> place : placement.entrySet()) {
      for (String to : FLEET.hosts()) {
        Map<String, String> moved = new TreeMap<>(placement);
        moved.put(place.getKey(), to);
        oneIsEnough |=
            place.getValue().equals(hot)
                && perHost(moved, loads).values().stream().allMatch(sum -> sum < CAPACITY * 0.9);
      }
    }
    assertThat(oneIsEnough).isTrue();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void glitchWouldOverloadItsHostIfItStayedAndDoesNotStay(long seed) {
    LoadScript script = new LoadScript(seed, FLEET);
    Map<String, String> placement = script.startingHosts();
    PhaseLoads phase = script.loads(PhaseKind.GLITCH, placement);
    String host = placement.getOrDefault(phase.subject().orElseThrow(), "");
    Duration during = phase.action().plusMillis(500);
    assertThat(perHost(placement, phase.at(during)).get(host)).isGreaterThan(CAPACITY);
    assertThat(phase.actionEnd().minus(phase.action()))
        .isEqualTo(FLEET.sampleInterval().multipliedBy(2));
    assertThat(phase.at(phase.actionEnd().plusSeconds(1))).isEqualTo(phase.at(Duration.ZERO));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void quietFitsThreeHostsAndTheRiseDoesNot(long seed) {
    LoadScript script = new LoadScript(seed, FLEET);
    Map<String, String> placement = script.startingHosts();
    assertThat(script.loads(PhaseKind.QUIET, placement).totalAt(Duration.ZERO))
        .isLessThan((int) (FLEET.withoutLastMillicores() * 0.65));
    PhaseLoads rise = script.loads(PhaseKind.RISE, placement);
    assertThat(rise.totalAt(Duration.ZERO)).isLessThan(FLEET.withoutLastMillicores());
    assertThat(rise.totalAt(rise.actionEnd())).isGreaterThan(FLEET.withoutLastMillicores());
    // Two large machines alone, the four others in pairs.
    List<Integer> tops =
        rise.at(rise.actionEnd()).values().stream().sorted(Collections.reverseOrder()).toList();
    assertThat(tops.get(0)).isLessThan((int) (CAPACITY * 0.9));
    assertThat(tops.get(2) + tops.get(5)).isLessThan((int) (CAPACITY * 0.9));
    assertThat(tops.get(3) + tops.get(4)).isLessThan((int) (CAPACITY * 0.9));
  }
}
