package io.drover.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.predictor.backtest.Trace;
import io.drover.predictor.backtest.TraceSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TraceReaderTest {
  private static final String BITBRAINS =
      """
      Timestamp [ms];\tCPU cores;\tMHZ;\tMHZ used;\tCPU usage [%];\tMemory
      1375308176;\t1;\t2925.9;\t5.8;\t0.25;\t2097152.0
      1375308476;\t1;\t2925.9;\t5.8;\t0.5;\t2097152.0
      1375309077;\t1;\t2925.9;\t5.8;\t0.75;\t2097152.0
      """;

  @TempDir private Path folder;

  private void file(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).toAbsolutePath().getParent());
    Files.writeString(folder.resolve(name), text);
  }

  private static void tar(OutputStream packed, String[]... files) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      for (String[] file : files) {
        byte[] bytes = file[1].getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file[0]);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
  }

  @Test
  void filesOfAFolderAreReadInTheOrderOfTheirNames() throws Exception {
    file("b", "3\n4\n");
    file("a", "1\n2\n");
    file(".hidden", "not a number");

    TraceSet set = TraceReader.read(folder, TraceFormat.PLANETLAB);
    assertThat(set.interval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(set.traces()).extracting(Trace::name).containsExactly("a", "b");
    assertThat(set.traces().getFirst().values()).containsExactly(1, 2);
  }

  @Test
  void aPackedFolderIsReadLikeTheFolder() throws Exception {
    Path packed = folder.resolve("day.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      tar(out, new String[] {"day/b", "3\n4\n"}, new String[] {"day/a", "1\n2\n"});
    }
    TraceSet set = TraceReader.read(packed, TraceFormat.PLANETLAB);
    assertThat(set.traces()).extracting(Trace::name).containsExactly("day/a", "day/b");
  }

  @Test
  void bitbrainsTimesAreSecondsAndAMissingSampleIsAGap() throws Exception {
    Path packed = folder.resolve("rnd.tar.xz");
    try (OutputStream out =
        new XZOutputStream(Files.newOutputStream(packed), new LZMA2Options(0))) {
      tar(out, new String[] {"8.csv", BITBRAINS});
    }
    TraceSet set = TraceReader.read(packed, TraceFormat.BITBRAINS);
    assertThat(set.interval().toSeconds()).isBetween(300L, 601L);
    assertThat(set.traces().getFirst().values()).contains(0.25f, 0.5f, 0.75f);
  }

  @Test
  void oneCsvFileMayHoldSeveralSeries() throws Exception {
    file(
        "fleet.csv",
        """
        series,time,value
        web,2026-01-01T00:00:00Z,1
        db,2026-01-01T00:00:00Z,5
        web,2026-01-01T00:01:00Z,2
        db,2026-01-01T00:01:00Z,6
        web,2026-01-01T00:04:00Z,3
        web,2026-01-01T00:05:00Z,4
        """);
    TraceSet set = TraceReader.read(folder.resolve("fleet.csv"), TraceFormat.CSV);

    assertThat(set.interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(set.traces()).extracting(Trace::name).containsExactly("web", "db");
    assertThat(set.traces().getFirst().values()).containsExactly(1, 2, Float.NaN, Float.NaN, 3, 4);
  }

  @Test
  void whatDoesNotFitIsNamedWithItsLine() throws IOException {
    file("x/a", "1\n2\nthree\n");
    assertThatThrownBy(() -> TraceReader.read(folder.resolve("x"), TraceFormat.PLANETLAB))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("a:3")
        .hasMessageContaining("three");

    file("y/a.csv", "time,value\n1,2,3\n");
    assertThatThrownBy(() -> TraceReader.read(folder.resolve("y"), TraceFormat.CSV))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("a.csv:2");
  }

  @Test
  void anArchiveThatIsNoneIsRefused() throws IOException {
    file("broken.tar.gz", "this is no archive");
    assertThatThrownBy(
            () -> TraceReader.read(folder.resolve("broken.tar.gz"), TraceFormat.PLANETLAB))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("broken.tar.gz");
  }

  @Test
  void aFolderWithoutSamplesIsRefused() {
    assertThatThrownBy(() -> TraceReader.read(folder, TraceFormat.PLANETLAB))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("no samples");
  }
}
