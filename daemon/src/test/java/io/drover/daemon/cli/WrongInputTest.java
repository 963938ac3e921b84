package io.drover.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.daemon.cli.MemorySite.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Wrong input to every command: what is wrong is said, the exit code is 2, nothing is changed. */
class WrongInputTest {
  /** Commands that are not for operators. */
  private static final Set<String> HIDDEN = Set.of("rehearse", "demo-collector");

  @TempDir private static Path folder;
  private static MemorySite site;

  @BeforeAll
  static void open() throws IOException {
    site = new MemorySite();
    assertThat(run("disk create disk1 --size 1M").exitCode()).isZero();
    assertThat(run("disk snapshot disk1 snap1").exitCode()).isZero();
    assertThat(run("disk create disk2 --size 1M").exitCode()).isZero();
    assertThat(run("vm create vm1 --disk disk1").exitCode()).isZero();
    Files.writeString(folder.resolve("bad.conf"), "drover {\n  api.port = 70000\n}\n");
    Files.writeString(folder.resolve("torn.conf"), "drover { node {\n");
    Files.writeString(
        folder.resolve("unknown.conf"), "drover.node.id = a\ndrover.node.adress = b\n");
    Files.write(folder.resolve("image.raw"), new byte[1 << 20]);
  }

  @BeforeEach
  void forgetChanges() {
    site.forgetChanges();
  }

  @AfterAll
  static void close() {
    site.close();
  }

  /** A wrong command line and a part of what must be said about it. */
  record Wrong(String command, String said) {}

  static Stream<Wrong> table() {
    return Stream.of(
        new Wrong("node", "--config"),
        new Wrong("node --config FOLDER/missing.conf", "missing.conf"),
        new Wrong("node --config FOLDER/bad.conf", "bad.conf:2"),
        new Wrong("config", "subcommand"),
        new Wrong("config check", "FILE"),
        new Wrong("config check FOLDER/missing.conf", "cannot be read"),
        new Wrong("config check FOLDER/bad.conf", "drover.api.port = 70000"),
        new Wrong("config check FOLDER/torn.conf", "torn.conf:2"),
        new Wrong("config check FOLDER/unknown.conf", "did you mean"),
        new Wrong("status extra", "extra"),
        new Wrong("status --api nonsense", "not a URL"),
        new Wrong("hosts --jsn", "--jsn"),
        new Wrong("vms --all", "--all"),
        new Wrong("disks extra", "extra"),
        new Wrong("plan --approved", "--approved"),
        new Wrong("explain", "VM"),
        new Wrong("explain nobody", "nobody"),
        new Wrong("moves extra", "extra"),
        new Wrong("mode", "MODE"),
        new Wrong("mode sometimes", "sometimes"),
        new Wrong("completion fish", "fish"),
        new Wrong("forecast", "subcommand"),
        new Wrong("forecast phases --format csv", "--trace"),
        new Wrong(
            "forecast phases --trace FOLDER/no --format csv --series a --plot FOLDER/p",
            "not exist"),
        new Wrong("forecast backtest --format csv", "--trace"),
        new Wrong("forecast backtest --trace FOLDER", "--format"),
        new Wrong("forecast backtest --trace FOLDER --format arff", "arff"),
        new Wrong("forecast backtest --trace FOLDER/missing --format csv", "does not exist"),
        new Wrong("forecast backtest --trace FOLDER/image.raw --format planetlab", "image.raw:1"),
        new Wrong("forecast backtest --trace FOLDER/image.raw --format csv", "no header"),
        new Wrong("forecast backtest --trace FOLDER --format planetlab --horizons 0", "--horizons"),
        new Wrong("forecast backtest --trace FOLDER --format planetlab --horizons 1,x", "x"),
        new Wrong(
            "forecast backtest --trace FOLDER --format planetlab --json FOLDER/no/report",
            "--json"),
        new Wrong(
            "forecast backtest --trace FOLDER --format planetlab --plot FOLDER/a.png", ".svg"),
        new Wrong("vm", "subcommand"),
        new Wrong("vm create", "NAME"),
        new Wrong("vm create vm1 --disk disk2", "vm1"),
        new Wrong("vm create vm2", "no disk"),
        new Wrong("vm create vm2 --disk missing", "missing"),
        new Wrong("vm create vm2 --disk disk1", "belongs to VM vm1"),
        new Wrong("vm create vm2 --disk disk2 --disk disk2", "named twice"),
        new Wrong("vm create vm2 --disk disk2 --memory 1", "multiple of 1M"),
        new Wrong("vm create vm2 --disk disk2 --memory 16M", "memoryMebibytes"),
        new Wrong("vm create vm2 --disk disk2 --memory much", "not a size"),
        new Wrong("vm create vm2 --disk disk2 --cpus 0", "vcpus"),
        new Wrong("vm create vm2 --disk disk2 --cpus many", "many"),
        new Wrong("vm create vm2 --disk disk2 --mac 1:2", "mac"),
        new Wrong("vm create vm2 --disk disk2 --allow-host nohost", "nohost"),
        new Wrong("vm create vm2 --disk disk2 --apart-from nobody", "nobody"),
        new Wrong("vm create vm2 --disk disk2 --reserve-cpu -5", "-5"),
        new Wrong("vm create vm2 --disk disk2 --mode never", "never"),
        new Wrong("vm create vm2 --initrd FOLDER/x", "--kernel"),
        new Wrong("vm create vm2 --kernel FOLDER/missing", "not a readable file"),
        new Wrong("vm create bad/name --disk disk2", "bad/name"),
        new Wrong("vm start", "VM"),
        new Wrong("vm start nobody", "nobody"),
        new Wrong("vm start nobody --host host1", "nobody"),
        new Wrong("vm stop nobody", "nobody"),
        new Wrong("vm stop vm1 --hard", "--hard"),
        new Wrong("vm reset nobody", "nobody"),
        new Wrong("vm delete nobody", "nobody"),
        new Wrong("vm list extra", "extra"),
        new Wrong("vm console nobody", "nobody"),
        new Wrong("vm console vm1 --bytes -1", "-1"),
        new Wrong("vm migrate vm1", "--to"),
        new Wrong("vm migrate nobody --to host1", "nobody"),
        new Wrong("vm mode vm1 never", "never"),
        new Wrong("vm mode nobody off", "nobody"),
        new Wrong("disk", "subcommand"),
        new Wrong("disk create disk3", "--size"),
        new Wrong("disk create disk3 --size 0", "sizeBytes"),
        new Wrong("disk create disk3 --size 1000", "block size"),
        new Wrong("disk create disk3 --size 1X", "not a size"),
        new Wrong("disk create disk3 --size 1M --replicas 9", "replicas"),
        new Wrong("disk create disk3 --size 1M --replicas 2 --min-in-sync 3", "minInSync"),
        new Wrong("disk create disk3 --size 1M --block-size 5000", "block-size"),
        new Wrong("disk create disk3 --size 1M --container-size 3K", "container-size"),
        new Wrong("disk create disk3 --size 1M --acknowledge never", "never"),
        new Wrong("disk create disk1 --size 1M", "disk1"),
        new Wrong("disk create bad/name --size 1M", "bad/name"),
        new Wrong("disk list extra", "extra"),
        new Wrong("disk resize disk1", "--size"),
        new Wrong("disk resize disk1 --size 4K", "cannot shrink"),
        new Wrong("disk resize nodisk --size 2M", "nodisk"),
        new Wrong("disk delete nodisk", "nodisk"),
        new Wrong("disk delete disk1 --snapshot nosnap", "nosnap"),
        new Wrong("disk import FOLDER/missing disk3", "missing"),
        new Wrong("disk import FOLDER/image.raw bad/name", "bad/name"),
        new Wrong("disk import FOLDER/image.raw disk3 --size 1K", "--size"),
        new Wrong("disk import FOLDER/image.raw disk3 --block-size 0", "block-size"),
        new Wrong("disk export nodisk FOLDER/out", "nodisk"),
        new Wrong("disk export disk2 FOLDER/image.raw", "--overwrite"),
        new Wrong("disk export disk2 FOLDER/out --format vmdk", "vmdk"),
        new Wrong("disk export disk2 FOLDER/out --snapshot nosnap", "nosnap"),
        new Wrong("disk snapshot disk1", "NAME"),
        new Wrong("disk snapshot nodisk s", "nodisk"),
        new Wrong("disk snapshot disk1 bad/name", "bad/name"),
        new Wrong("disk revert disk1 nosnap", "nosnap"),
        new Wrong("disk clone disk1 snap1", "NEW-NAME"),
        new Wrong("disk clone disk1 nosnap disk3", "nosnap"),
        new Wrong("disk clone disk1 snap1 bad/name", "bad/name"),
        new Wrong("disk attach nodisk", "nodisk"),
        new Wrong("disk detach nodisk", "nodisk"),
        new Wrong("host", "subcommand"),
        new Wrong("host drain nohost", "nohost"),
        new Wrong("host undrain nohost", "nohost"),
        new Wrong("host maintenance nohost on", "nohost"),
        new Wrong("host maintenance host1 maybe", "maybe"),
        new Wrong("plan --approve --reject", "exclude each other"),
        new Wrong("host standby nohost", "nohost"),
        new Wrong("host wake nohost", "nohost"),
        new Wrong("demo --seed much", "much"),
        new Wrong("demo --json /", "is a folder"),
        new Wrong("demo --json FOLDER", "is a folder"),
        new Wrong("demo --json FOLDER/no/summary.json", "cannot be written"),
        new Wrong("demo stop now", "now"),
        new Wrong("statsu", "status"),
        new Wrong("", "command is missing"));
  }

  @ParameterizedTest
  @MethodSource("table")
  void isExplainedAndChangesNothing(Wrong wrong) {
    Ended ended = run(wrong.command());

    assertThat(ended.err()).contains(wrong.said()).startsWith("drover: ");
    assertThat(ended.err()).doesNotContain("Exception");
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(CliException.WRONG_INPUT);
    assertThat(site.changes()).isEmpty();
  }

  @Test
  void everyCommandIsInTheTable() {
    Set<String> commands = new TreeSet<>();
    leaves(DroverCommand.commandLine(), "", commands);
    assertThat(commands).isNotEmpty();
    List<String> lines = table().map(Wrong::command).toList();
    assertThat(commands)
        .allSatisfy(command ->
            assertThat(lines)
                .anyMatch(line -> line.equals(command) || line.startsWith(command + " ")));
  }

  @Test
  void everyCommandTellsAnExampleInItsHelp() {
    Set<String> commands = new TreeSet<>();
    leaves(DroverCommand.commandLine(), "", commands);
    for (String command : commands) {
      Ended help = MemorySite.run((command + " --help").split(" ", -1));
      assertThat(help.exitCode()).as(command).isZero();
      assertThat(help.out()).as(command).contains("Example").contains("drover " + command);
    }
  }

  private static void leaves(CommandLine command, String prefix, Set<String> found) {
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          String path = prefix.isEmpty() ? name : prefix + " " + name;
          if (HIDDEN.contains(path)) {
            return;
          }
          if (sub.getSubcommands().isEmpty()) {
            found.add(path);
          } else {
            leaves(sub, path, found);
          }
        });
  }

  /** Adds the site's URL to commands that take one, so that none of them asks another node. */
  private static Ended run(String command) {
    List<String> words =
        new ArrayList<>(
            Arrays.stream(command.replace("FOLDER", folder.toString()).split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList());
    boolean asks =
        !words.isEmpty()
            && Set.of("status", "hosts", "vms", "disks", "plan", "explain", "moves", "mode")
                .contains(words.getFirst());
    boolean works = words.size() > 1 && Set.of("vm", "disk", "host").contains(words.getFirst());
    if ((asks || works) && !words.contains("--api")) {
      words.add("--api");
      words.add(site.url());
    }
    return MemorySite.run(words.toArray(String[]::new));
  }
}
