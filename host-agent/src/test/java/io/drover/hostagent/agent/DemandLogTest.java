package io.drover.hostagent.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.vm.VmId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemandLogTest {
  private static final VmId VM = new VmId("vm1");

  @TempDir private Path folder;

  private DemandLog open() {
    return new DemandLog("h1", folder, 16, 3);
  }

  private static Sample sample(int second) {
    return new Sample(
        Instant.ofEpochSecond(second), second / 8.0, 0.25, 1000L + second, 1.5, 2, 3, 4);
  }

  private static List<Sample> samples(int from, int to) {
    return IntStream.range(from, to).mapToObj(DemandLogTest::sample).toList();
  }

  private static List<Sample> kept(DemandLog log, VmId vm) {
    return log.of(vm).stream().flatMap(portion -> portion.samples().stream()).toList();
  }

  @Test
  void newestSamplesAreKeptAndSurviveARestart() throws Exception {
    DemandLog log = open();
    samples(0, 100).forEach(sample -> log.add(VM, sample));
    assertThat(kept(log, VM)).isEqualTo(samples(84, 100));
    assertThat(kept(open(), VM)).isEqualTo(samples(84, 100));
    // The file is bounded, too.
    assertThat(Files.readAllLines(folder.resolve("vm1.samples"))).hasSizeLessThanOrEqualTo(32);
  }

  @Test
  void lineThatACrashCutShortIsPassedOver() throws Exception {
    DemandLog log = open();
    samples(0, 3).forEach(sample -> log.add(VM, sample));
    Files.writeString(
        folder.resolve("vm1.samples"), "170 0.5 0.", US_ASCII, StandardOpenOption.APPEND);
    DemandLog next = open();
    assertThat(kept(next, VM)).isEqualTo(samples(0, 3));
    // The sample that shares the line with the rest of the cut one is lost, those after it are not.
    next.add(VM, sample(3));
    next.add(VM, sample(4));
    assertThat(kept(open(), VM)).containsSequence(samples(0, 3)).contains(sample(4));
  }

  @Test
  void fileThatIsNoLogIsLeftOut() throws Exception {
    Files.write(folder.resolve("vm1.samples"), new byte[] {(byte) 0xff, (byte) 0xfe, 10});
    Files.writeString(folder.resolve("not a machine.samples"), "");
    assertThat(open().all()).isEmpty();
  }

  @Test
  void machineHeardOfLeastLatelyIsForgottenForANewOne() {
    DemandLog log = open();
    List<VmId> machines = IntStream.range(0, 4).mapToObj(i -> new VmId("m" + i)).toList();
    machines.subList(0, 3).forEach(vm -> log.add(vm, sample(1)));
    log.add(machines.get(0), sample(2));
    log.add(machines.get(3), sample(2));

    assertThat(log.all()).extracting(VmHistory::vm).containsExactly("m0", "m2", "m3");
    assertThat(folder.resolve("m1.samples")).doesNotExist();
    assertThat(open().all()).extracting(VmHistory::vm).containsExactly("m0", "m2", "m3");
  }

  @Test
  void afterARestartTheFilesTellWhoWasHeardOfLeastLately() throws Exception {
    DemandLog log = open();
    for (int i = 0; i < 3; i++) {
      log.add(new VmId("m" + i), sample(1));
      Files.setLastModifiedTime(
          folder.resolve("m" + i + ".samples"), FileTime.from(Instant.ofEpochSecond(1000 - i)));
    }
    DemandLog next = open();
    next.add(new VmId("m3"), sample(2));
    assertThat(next.all()).extracting(VmHistory::vm).containsExactly("m0", "m1", "m3");
  }

  @Test
  void whatAnotherHostHasSeenIsPutInOrder() {
    DemandLog log = open();
    samples(5, 8).forEach(sample -> log.add(VM, sample));
    log.merge(new VmHistory("h2", "vm1", samples(0, 6)));
    assertThat(kept(log, VM)).isEqualTo(samples(0, 8));
    assertThat(kept(open(), VM)).isEqualTo(samples(0, 8));
  }
}
