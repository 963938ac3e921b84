package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleLogsTest {
  @TempDir private Path folder;

  @Test
  void longLogIsCutToItsEndUnderAWriterThatGoesOn() throws IOException {
    Path log = folder.resolve("console.log");
    try (var writer =
        Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      String line = "x".repeat(1023) + "\n";
      for (int i = 0; i <= ConsoleLogs.MAX_BYTES / 1024; i++) {
        writer.write(line);
      }
      writer.write("the newest line\n");
      writer.flush();
      ConsoleLogs.trim(log);
      assertThat(Files.size(log)).isEqualTo(ConsoleLogs.KEPT_BYTES);
      writer.write("a line after\n");
    }
    assertThat(Files.readString(log)).endsWith("the newest line\na line after\n");
  }

  @Test
  void shortLogAndNoLogAreLeftAlone() throws IOException {
    Path log = Files.writeString(folder.resolve("console.log"), "short");
    ConsoleLogs.trim(log);
    ConsoleLogs.trim(folder.resolve("none"));
    assertThat(log).hasContent("short");
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
