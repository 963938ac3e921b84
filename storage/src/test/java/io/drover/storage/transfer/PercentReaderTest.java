package io.drover.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PercentReaderTest {

  private static List<Integer> percentages(String output) throws IOException {
    List<Integer> told = new ArrayList<>();
    PercentReader.read(new StringReader(output), told::add);
    return told;
  }

  @Test
  void eachWholePercentageIsToldOnce() throws IOException {
    String output =
        "    (0.00/100%)\r    (0.51/100%)\r    (1.02/100%)\r    (57.99/100%)\r    (100.00/100%)\r\n";

    assertThat(percentages(output)).containsExactly(0, 1, 57, 100);
  }

  @Test
  void whatIsNoProgressIsPassedOver() throws IOException {
    assertThat(percentages("")).isEmpty();
    assertThat(percentages("x".repeat(100_000) + "\nwarning: (odd)\n  (12.00/100%)\r"))
        .containsExactly(12);
    assertThat(percentages("(12.0")).isEmpty();
  }

  @Test
  void progressNeverGoesBack() throws IOException {
    assertThat(percentages("(5.00/100%)\r(3.00/100%)\r(6.00/100%)\r")).containsExactly(5, 6);
  }
}
