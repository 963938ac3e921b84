package io.drover.daemon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drover.config.ConfigException;
import io.drover.config.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DroverSettingsTest {
  @TempDir private Path folder;

  @Test
  void profileOfTheProjectIsValidAndDiffersFromTheDefaultsOnlyInWhatItSays() throws Exception {
    DroverSettings settings = DroverSettings.load(Path.of("..", "config", "drover.conf"));

    assertThat(settings.node().id()).isEqualTo("node1");
    assertThat(settings.node().roles()).containsExactlyInAnyOrder(Role.values());
    assertThat(settings.node().address()).isEqualTo("127.0.0.1");
    assertThat(settings.coordination().connectString()).isEqualTo("127.0.0.1:7610");
    assertThat(settings.api().port()).isEqualTo(7600);
  }

  @Test
  void externalZooKeeperTakesThePlaceOfThePeers() throws Exception {
    DroverSettings settings =
        load("drover.node { id = a, roles = [agent] }\ndrover.coordination.connect = \"zk1:2181\"");

    assertThat(settings.coordination().connectString()).isEqualTo("zk1:2181");
    assertThat(settings.coordination().peers()).isEmpty();
  }

  /** A damage: the file's text, the line to blame, and parts of what must be said. */
  record Damage(String text, int line, List<String> said) {}

  static Stream<Damage> damages() {
    String node = "drover.node.id = a\n";
    return Stream.of(
        new Damage("drover.node.id = \"Host 1\"\n", 1, List.of("drover.node.id", "lower-case")),
        new Damage(node + "drover.node.roles = []\n", 2, List.of("at least one of")),
        new Damage(node + "drover.node.roles = [agent, cook]\n", 2, List.of("cook", "scheduler")),
        new Damage(node + "drover.api.port = 0\n", 2, List.of("0", "from 1 to 65535")),
        new Damage(node + "drover.api.port = http\n", 2, List.of("http", "from 1 to 65535")),
        new Damage(node + "\ndrover.api.prot = 1\n", 3, List.of("drover.api.prot", "port")),
        new Damage(node + "drover.cluster.stable-after = 10\n", 2, List.of("10", "with its unit")),
        new Damage(
            node + "drover.agent.capacity { enforce = on }\n", 0, List.of("cpu-cores", "0.01")),
        new Damage(node + "drover.agent.sample-interval = 1h\n", 2, List.of("1h", "100ms", "10m")),
        new Damage(
            node + "drover.storage.store.segment-size = 5 parsecs\n",
            2,
            List.of("parsecs", "1GiB")),
        new Damage(node + "drover.scheduler.mode = manual\n", 2, List.of("manual", "recommend")),
        new Damage(
            node + "drover.coordination.session-timeout = 1m\n",
            2,
            List.of("1m", "from 2s to 20s")),
        new Damage(
            node
                + "drover.node.run-dir = /a/very/long/path/in/which/no/socket/could/be/opened/any/more\n",
            2,
            List.of("run-dir", "56 characters")),
        new Damage(
            node
                + "drover.coordination.peers = [\n"
                + "  { id = b, address = h, client-port = 1, quorum-port = 2, election-port = 3 }\n"
                + "]\n",
            2,
            List.of("contains this node (a)")),
        new Damage(node + "drover.node { roles = [agent] }\n", 0, List.of("connect string")));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void damageIsNamedWithFileLineKeyValueAndAcceptedRange(Damage damage) throws IOException {
    Path file = Files.writeString(folder.resolve("node.conf"), damage.text());

    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> DroverSettings.load(file));

    assertThat(refused).as("refused").isNotNull();
    List<ConfigProblem> problems = refused.problems();
    assertThat(problems).hasSize(1);
    String told = problems.getFirst().toString();
    damage.said().forEach(part -> assertThat(told).contains(part));
    if (damage.line() > 0) {
      assertThat(told).startsWith(file + ":" + damage.line() + ": ");
    }
  }

  @Test
  void allProblemsAreToldAtOnce() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("node.conf"),
            "drover.node.id = a\ndrover.api.port = -1\ndrover.cluster.port = x\ndrover.oops = 1\n");

    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> DroverSettings.load(file));

    assertThat(refused.problems()).extracting(ConfigProblem::line).containsExactly(2, 3, 4);
  }

  private DroverSettings load(String text) throws IOException, ConfigException {
    return DroverSettings.load(Files.writeString(folder.resolve("node.conf"), text));
  }
}
