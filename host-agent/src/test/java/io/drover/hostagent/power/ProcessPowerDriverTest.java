package io.drover.hostagent.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.settings.PowerSettings;
import io.drover.hostagent.settings.PowerSettings.ProcessHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that are shell processes. */
class ProcessPowerDriverTest {
  private static final Executor THREADS = Thread::startVirtualThread;

  @TempDir private Path folder;

  @AfterEach
  void endHosts() throws IOException {
    if (Files.exists(pidFile())) {
      HostProcess.of(pidFile()).ifPresent(process -> process.kill());
    }
  }

  @Test
  void hostIsSwitchedOnSeenRunningSwitchedOffAndSeenGone() throws Exception {
    PowerDriver driver = driver("echo $$ > pid; exec sleep 1000");
    assertThat(driver.status("h1")).isEqualTo(PowerStatus.OFF);

    driver.powerOn("h1").get(60, TimeUnit.SECONDS);
    assertThat(driver.status("h1")).isEqualTo(PowerStatus.ON);
    String pid = Files.readString(pidFile());
    driver.powerOn("h1").get(60, TimeUnit.SECONDS);
    assertThat(pidFile()).hasContent(pid.strip());

    driver.powerOff("h1").get(60, TimeUnit.SECONDS);
    assertThat(driver.status("h1")).isEqualTo(PowerStatus.OFF);
    assertThat(ProcessIdentity.of(Long.parseLong(pid.strip()))).isEmpty();
    driver.powerOff("h1").get(60, TimeUnit.SECONDS);
  }

  @Test
  void hostThatDoesNotListenIsForced() throws Exception {
    // Only a shell that waits for a child keeps its deafness; exec would lose the trap's meaning.
    PowerDriver driver = driver("trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done");
    driver.powerOn("h1").get(60, TimeUnit.SECONDS);
    driver.powerOff("h1").get(60, TimeUnit.SECONDS);
    assertThat(driver.status("h1")).isEqualTo(PowerStatus.OFF);
  }

  @Test
  void hostThatDoesNotComeUpIsSaid() throws IOException {
    PowerDriver driver = driver("echo no disk; exit 3");
    assertThatThrownBy(() -> driver.powerOn("h1").join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(PowerException.class)
        .hasMessageContaining("was not seen running");
    assertThat(folder.resolve("log")).hasContent("no disk");
  }

  @Test
  void strangerWithTheSamePidIsNotTheHost() throws Exception {
    PowerDriver driver = driver("echo $$ > pid; exec sleep 1000");
    Process stranger = new ProcessBuilder("sleep", "1000").start();
    try {
      // The file of a host that ended long ago; its pid was given to another process since.
      Files.writeString(pidFile(), stranger.pid() + "\n");
      Files.setLastModifiedTime(pidFile(), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
      assertThat(driver.status("h1")).isEqualTo(PowerStatus.OFF);
      driver.powerOff("h1").get(60, TimeUnit.SECONDS);
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
      Files.delete(pidFile());
    }
  }

  @Test
  void hostThatNobodyKnowsIsNotSwitched() {
    PowerDriver driver = driver("true");
    assertThat(driver.status("h9")).isEqualTo(PowerStatus.UNKNOWN);
    assertThatThrownBy(() -> driver.powerOff("h9").join())
        .hasCauseInstanceOf(PowerException.class)
        .hasMessageContaining("h9");
  }

  private Path pidFile() {
    return folder.resolve("pid");
  }

  private PowerDriver driver(String script) {
    return new ProcessPowerDriver(
        new PowerSettings(
            PowerSettings.Driver.PROCESS,
            Duration.ofMillis(500),
            Duration.ofSeconds(3),
            List.of(
                new ProcessHost(
                    "h1", List.of("sh", "-c", script), folder, pidFile(), folder.resolve("log")))),
        THREADS);
  }
}
