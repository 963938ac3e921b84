package io.drover.daemon.demo.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GuestLineTest {
  @Test
  void knownLinesAreUnderstood() {
    assertThat(GuestLine.parse("hello web")).isEqualTo(new GuestLine.Hello("web"));
    assertThat(GuestLine.parse("beat 12")).isEqualTo(new GuestLine.Beat(12));
    assertThat(GuestLine.parse("state 150 9 80 1 2 3 7"))
        .isEqualTo(new GuestLine.State(150, new Verdict(9, 80, 1, 2, 3), 7));
  }

  @Test
  void othersAreReportedAsTheyCame() {
    for (String line : new String[] {"", "beat", "beat x", "state 1 2", "hello a b", "zzz"}) {
      assertThat(GuestLine.parse(line)).isEqualTo(new GuestLine.Unknown(line));
    }
  }

  @Test
  void imageIsWhatTheScriptNames() throws Exception {
    assertThat(GuestImage.parse("kernel=/a/k\ninitrd=/b=c/i\n"))
        .isEqualTo(new GuestImage(Path.of("/a/k"), Path.of("/b=c/i")));
    assertThatThrownBy(() -> GuestImage.parse("kernel=/a/k\n")).isInstanceOf(IOException.class);
  }
}
