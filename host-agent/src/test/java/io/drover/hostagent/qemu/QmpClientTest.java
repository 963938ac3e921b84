package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a monitor that does as the test says. */
class QmpClientTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir private Path folder;
  private final List<FakeQmpServer> servers = new ArrayList<>();
  private final List<QmpMessage.Event> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (FakeQmpServer server : servers) {
      server.close();
    }
  }

  @Test
  void answersAreToldApartById() throws Exception {
    // The answer to a question that nobody asked comes first.
    try (QmpClient client =
        connect(line -> "{\"return\":{\"stale\":1},\"id\":99999}\n" + value(line, "42"))) {
      assertThat(client.execute("query-x", none(), LONG).asInt()).isEqualTo(42);
    }
  }

  @Test
  void refusalCarriesTheWordsOfQemu() throws Exception {
    try (QmpClient client =
        connect(line ->
            FakeQmpServer.answer(
                line, "\"error\":{\"class\":\"GenericError\",\"desc\":\"no such bus\"}"))) {
      assertReason(Reason.REFUSED, () -> client.execute("device_add", none(), LONG))
          .hasMessageContaining("no such bus");
    }
  }

  @Test
  void eventsBetweenAnswersAreDelivered() throws Exception {
    try (QmpClient client =
        connect(line ->
            "{\"event\":\"STOP\",\"timestamp\":{\"seconds\":1,\"microseconds\":2}}\r\n"
                + "{\"event\":\"SHUTDOWN\",\"data\":{\"guest\":true}}\n"
                + FakeQmpServer.empty(line))) {
      client.execute("cont", none(), LONG);
      assertThat(events).extracting(QmpMessage.Event::name).containsExactly("STOP", "SHUTDOWN");
      assertThat(events.getLast().data().path("guest").asBoolean()).isTrue();
    }
  }

  @Test
  void garbageIsSkipped() throws Exception {
    String garbage = "\u0000\u0007 not json\n[1,2]\n\n\"text\"\n{\"half\":\n{}\n{\"return\":{}}\n";
    try (QmpClient client = connect(line -> garbage + value(line, "7"))) {
      assertThat(client.execute("query-x", none(), LONG).asInt()).isEqualTo(7);
    }
  }

  @Test
  void lineWithoutEndEndsTheConnection() throws Exception {
    String endless = "x".repeat(QmpClient.MAX_LINE_BYTES + 1);
    try (QmpClient client = connect(line -> endless)) {
      assertReason(Reason.GONE, () -> client.execute("query-x", none(), LONG));
      client.closed().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void hangingUpFailsWhatIsUnderWayAndWhatComesAfter() throws Exception {
    try (QmpClient client = connect(line -> FakeQmpServer.HANG_UP)) {
      assertReason(Reason.GONE, () -> client.execute("cont", none(), LONG));
      client.closed().get(60, TimeUnit.SECONDS);
      assertReason(Reason.GONE, () -> client.execute("cont", none(), LONG));
    }
  }

  @Test
  void silenceTimesOutAndALateAnswerHarmsNobody() throws Exception {
    StringBuilder owed = new StringBuilder();
    try (QmpClient client =
        connect(line -> {
          if (owed.isEmpty()) {
            owed.append(value(line, "1"));
            return "";
          }
          return owed + value(line, "2");
        })) {
      assertReason(Reason.TIMED_OUT, () -> client.execute("query-x", none(), SHORT));
      assertThat(client.execute("query-x", none(), LONG).asInt()).isEqualTo(2);
    }
  }

  @Test
  void monitorThatDoesNotGreetTimesOut() throws Exception {
    servers.add(new FakeQmpServer(socket(), "", UnaryOperator.identity()));
    assertReason(Reason.TIMED_OUT, () -> QmpClient.connect(socket(), SHORT, events::add));
  }

  @Test
  void nobodyListeningIsGone() {
    assertReason(Reason.GONE, () -> QmpClient.connect(socket(), LONG, events::add));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertReason(
      Reason reason, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HypervisorException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  /** Connects to a monitor that takes the agreement and then answers by the script. */
  private QmpClient connect(UnaryOperator<String> script) throws Exception {
    servers.add(
        new FakeQmpServer(
            socket(),
            FakeQmpServer.GREETING,
            line ->
                line.contains("qmp_capabilities")
                    ? FakeQmpServer.empty(line)
                    : script.apply(line)));
    return QmpClient.connect(socket(), LONG, events::add);
  }

  private Path socket() {
    return folder.resolve("qmp");
  }

  private static String value(String line, String json) {
    return FakeQmpServer.answer(line, "\"return\":" + json);
  }

  private static ObjectNode none() {
    return QmpMessage.JSON.createObjectNode();
  }
}
