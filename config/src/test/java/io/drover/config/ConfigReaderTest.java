package io.drover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
  enum Acknowledge {
    PAGE_CACHE,
    DURABLE
  }

  private static Config parse(String text) {
    return ConfigFactory.parseString(
            text, ConfigParseOptions.defaults().setOriginDescription("drover.conf"))
        .resolve();
  }

  private static List<String> problems(ConfigReader reader) {
    return catchThrowableOfType(ConfigException.class, reader::finish).problems().stream()
        .map(ConfigProblem::toString)
        .toList();
  }

  @Test
  void readsEveryKindOfValue() {
    ConfigReader reader =
        ConfigReader.of(
            parse(
                """
                a { s = text, i = 7, l = "12", n = 0.5, f = on, d = 250ms, b = 4KiB, list = [x, y], c = page-cache
                    roles = [durable], peers = [{id = 1}, {id = 2}], empty = "" }
                """));
    ConfigReader a = reader.section("a");
    assertThat(a.string("s")).isEqualTo("text");
    assertThat(a.integer("i", 0, 10)).isEqualTo(7);
    assertThat(a.longInteger("l", 0, 100)).isEqualTo(12);
    assertThat(a.number("n", 0, 1)).isEqualTo(0.5);
    assertThat(a.flag("f")).isTrue();
    assertThat(a.duration("d", Duration.ZERO, Duration.ofSeconds(1)))
        .isEqualTo(Duration.ofMillis(250));
    assertThat(a.bytes("b", 0, 1 << 20)).isEqualTo(4096);
    assertThat(a.strings("list")).containsExactly("x", "y");
    assertThat(a.choice("c", Acknowledge.class)).isEqualTo(Acknowledge.PAGE_CACHE);
    assertThat(a.choices("roles", Acknowledge.class)).containsExactly(Acknowledge.DURABLE);
    assertThat(a.sections("peers"))
        .extracting(peer -> peer.integer("id", 1, 9))
        .containsExactly(1, 2);
    assertThat(a.optionalString("empty")).isEmpty();
    assertThat(a.optionalString("absent")).isEmpty();
    assertThatCode(reader::finish).doesNotThrowAnyException();
  }

  @Test
  void aPathWithDotsReadsThroughSections() {
    ConfigReader reader = ConfigReader.of(parse("a.b { c = 1, d = 2 }"));
    assertThat(reader.integer("a.b.c", 0, 9)).isEqualTo(1);
    assertThat(reader.section("a").section("b").integer("d", 0, 9)).isEqualTo(2);
    assertThatCode(reader::finish).doesNotThrowAnyException();
  }

  @Test
  void everyProblemIsToldWithLineKeyValueAndAcceptedRange() {
    ConfigReader reader =
        ConfigReader.of(
            parse(
                """
                s {
                  port = 99999
                  timeout = 5
                  size = lots
                  mode = fast
                }
                """));
    ConfigReader s = reader.section("s");
    assertThat(s.integer("port", 1, 65535)).isEqualTo(65535);
    s.duration("timeout", Duration.ofMillis(10), Duration.ofMinutes(1));
    s.bytes("size", 1 << 20, 1L << 40);
    s.choice("mode", Acknowledge.class);
    s.string("name");
    assertThat(problems(reader))
        .containsExactly(
            "drover.conf:1: s.name: missing; accepted: a string",
            "drover.conf:2: s.port = 99999: accepted: a whole number from 1 to 65535",
            "drover.conf:3: s.timeout = 5: accepted: a duration with its unit from 10ms to 1m",
            "drover.conf:4: s.size = \"lots\": accepted: a size from 1MiB to 1TiB",
            "drover.conf:5: s.mode = \"fast\": accepted: one of page-cache, durable");
  }

  @Test
  void unknownKeyIsAProblemWithTheNearestKnownKey() {
    ConfigReader reader =
        ConfigReader.of(parse("s {\n port = 1\n prot = 2\n zzzzzzzzz { a = 1 }\n}"));
    reader.section("s").integer("port", 0, 9);
    assertThat(problems(reader))
        .containsExactly(
            "drover.conf:3: s.prot = 2: unknown key; did you mean port?",
            "drover.conf:4: s.zzzzzzzzz = {\"a\":1}: unknown key; known in s: port");
  }

  @Test
  void defaultsThatNobodyReadsAreNotReported(@TempDir Path dir) throws IOException {
    Path reference = Files.writeString(dir.resolve("reference.conf"), "s { used = 1, unused = 2 }");
    Path own = Files.writeString(dir.resolve("own.conf"), "s { used = 3 }");
    ConfigReader reader =
        ConfigReader.of(
            ConfigFactory.parseFile(own.toFile())
                .withFallback(ConfigFactory.parseFile(reference.toFile()))
                .resolve());
    assertThat(reader.section("s").integer("used", 0, 9)).isEqualTo(3);
    assertThatCode(reader::finish).doesNotThrowAnyException();
  }

  @Test
  void problemsNameTheFileTheyAreIn(@TempDir Path dir) throws IOException {
    Path own = Files.writeString(dir.resolve("own.conf"), "\ns { used = many }");
    ConfigReader reader = ConfigReader.of(ConfigFactory.parseFile(own.toFile()));
    reader.section("s").integer("used", 0, 9);
    assertThat(problems(reader))
        .containsExactly(own + ":2: s.used = \"many\": accepted: a whole number from 0 to 9");
  }

  @Test
  void missingSectionIsOneProblemNotOneForEachOfItsKeys() {
    ConfigReader reader = ConfigReader.of(parse("a = 1"));
    reader.leave("a");
    reader.section("s").integer("x", 3, 9);
    reader.section("s").string("y");
    assertThat(problems(reader))
        .containsExactly("drover.conf:1: s: missing; accepted: a section { ... }");
  }

  @Test
  void crossFieldProblemIsToldAtTheKeyItNames() {
    ConfigReader reader = ConfigReader.of(parse("low = 5\nhigh = 3"));
    int low = reader.integer("low", 0, 9);
    if (reader.integer("high", 0, 9) < low) {
      reader.reject("high", "at least low (" + low + ")");
    }
    assertThat(problems(reader))
        .containsExactly("drover.conf:2: high = 3: accepted: at least low (5)");
  }

  @Test
  void aRecordThatRefusesABadValueDoesNotHideTheProblem() {
    assertThatThrownBy(() ->
            ConfigReader.read(
                parse("port = x"),
                root -> {
                  throw new IllegalArgumentException("port " + root.integer("port", 0, 9));
                }))
        .isInstanceOf(ConfigException.class)
        .hasMessage("drover.conf:1: port = \"x\": accepted: a whole number from 0 to 9");
  }

  @Test
  void bigWholeNumbersAreExact() {
    assertThat(ConfigReader.of(parse("n = 8999999999999999")).longInteger("n", 0, Long.MAX_VALUE))
        .isEqualTo(8999999999999999L);
  }
}
