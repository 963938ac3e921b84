package io.drover.daemon.demo.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.process.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
  @Test
  void processesAndFilesOfTheRunGoAndOthersStay(@TempDir Path base) throws Exception {
    RunFolder run = new RunFolder(Files.createDirectory(base.resolve("drover-mine22")));
    Path other = Files.createDirectory(base.resolve("drover-mine22x")).resolve("log");
    Files.createDirectories(run.dataDir("host1"));
    Path log = Files.writeString(run.log("host1"), "said\n");
    Files.writeString(other, "said\n");
    Process own = new ProcessBuilder("tail", "-f", log.toString()).start();
    Process stranger = new ProcessBuilder("tail", "-f", other.toString()).start();
    try {
      assertThat(Removal.processesOf(run))
          .extracting(ProcessIdentity::pid)
          .containsExactly(own.pid());
      assertThat(Removal.of(run)).isEmpty();
      assertThat(own.waitFor()).isNotZero();
      assertThat(stranger.isAlive()).isTrue();
      assertThat(run.root()).doesNotExist();
      assertThat(other).exists();
    } finally {
      own.destroyForcibly();
      stranger.destroyForcibly();
    }
  }

  @Test
  void aProcessThatIgnoresSigtermIsKilled(@TempDir Path base) throws Exception {
    RunFolder run = new RunFolder(Files.createDirectory(base.resolve("drover-stub22")));
    Path script =
        Files.writeString(
            run.root().resolve("stubborn"), "trap '' TERM; while :; do sleep 1; done\n");
    Process own = new ProcessBuilder("sh", script.toString()).start();
    try {
      assertThat(Removal.of(run)).isEmpty();
      assertThat(own.waitFor()).isNotZero();
    } finally {
      own.destroyForcibly();
    }
  }

  @Test
  void removingWhatIsNotThereIsNoProblem(@TempDir Path base) {
    assertThat(Removal.of(new RunFolder(base.resolve("drover-gone22")))).isEmpty();
  }
}
