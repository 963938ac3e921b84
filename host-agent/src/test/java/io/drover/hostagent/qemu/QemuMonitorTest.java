package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A monitor's life beside a process that does nothing and a server that does as the test says. */
class QemuMonitorTest {
  private static final UUID OURS = UUID.fromString("0f5b1a46-8f6e-4a39-9d65-2f4b8ce0d7aa");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Process process;
  private QemuMonitor monitor;
  private FakeQmpServer server;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final AtomicInteger hangUps = new AtomicInteger();
  private volatile String uuid = OURS.toString();

  @BeforeEach
  void open() throws IOException {
    process = new ProcessBuilder("sleep", "1000").start();
    server = new FakeQmpServer(folder.resolve("qmp"), FakeQmpServer.GREETING, this::answer);
    monitor =
        new QemuMonitor(
            folder.resolve("qmp"),
            ProcessIdentity.of(process.pid()).orElseThrow(),
            OURS,
            Duration.ofSeconds(5),
            new QemuMonitor.Owner() {
              @Override
              public void event(QmpMessage.Event event) {
                commands.add("event " + event.name());
              }

              @Override
              public void gone() {
                gone.complete(null);
              }
            });
  }

  @AfterEach
  void close() throws IOException {
    monitor.close();
    server.close();
    process.destroyForcibly();
  }

  private String answer(String line) {
    commands.add(line.replaceAll(".*\"execute\":\"([^\"]*)\".*", "$1"));
    if (line.contains("query-uuid")) {
      return FakeQmpServer.answer(line, "\"return\":{\"UUID\":\"" + uuid + "\"}");
    }
    if (line.contains("\"cont\"") && hangUps.getAndDecrement() > 0) {
      return FakeQmpServer.HANG_UP;
    }
    return FakeQmpServer.empty(line);
  }

  @Test
  void brokenConnectionIsMadeAnew() throws Exception {
    hangUps.set(1);
    monitor.start();
    assertThat(monitor.awaitSettled(LIMIT)).isEqualTo(QemuMonitor.State.CONNECTED);
    // Whether it was carried out nobody knows; the process lives, so it is not "gone".
    assertReason(Reason.TIMED_OUT);
    // Comes before the end of the old connection has got around, and waits for the new one.
    monitor.execute("cont");
    assertThat(commands.stream().filter("query-uuid"::equals).count()).isEqualTo(2);
    assertThat(gone).isNotDone();
  }

  @Test
  void anotherMachineIsToldNothing() throws Exception {
    uuid = "00000000-0000-0000-0000-000000000000";
    monitor.start();
    assertThat(monitor.awaitSettled(LIMIT)).isEqualTo(QemuMonitor.State.FOREIGN);
    assertReason(Reason.TIMED_OUT);
    assertThat(commands).containsExactly("qmp_capabilities", "query-uuid");
  }

  @Test
  void endOfTheProcessIsToldOnceAndCommandsFailAsGone() throws Exception {
    monitor.start();
    monitor.awaitSettled(LIMIT);
    process.destroyForcibly();
    server.close();
    // The socket of a process that ended closes; the fake's does when its test says so.
    hangUps.set(1);
    assertThatThrownBy(() -> monitor.execute("cont")).isInstanceOf(HypervisorException.class);
    gone.get(60, TimeUnit.SECONDS);
    assertThat(monitor.state()).isEqualTo(QemuMonitor.State.GONE);
    assertReason(Reason.GONE);
  }

  @Test
  void processThatIsGoneBeforeTheFirstConnectionIsNoticed() throws Exception {
    server.close();
    process.destroyForcibly();
    process.waitFor();
    monitor.start();
    gone.get(60, TimeUnit.SECONDS);
    assertThat(monitor.awaitSettled(LIMIT)).isEqualTo(QemuMonitor.State.GONE);
  }

  private void assertReason(Reason reason) {
    assertThatThrownBy(() -> monitor.execute("cont"))
        .isInstanceOfSatisfying(
            HypervisorException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
