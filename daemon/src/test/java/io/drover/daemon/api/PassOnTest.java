package io.drover.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PassOnTest {
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer other;
  private PassOn passOn;

  @BeforeEach
  void open() throws Exception {
    Config config =
        ConfigFactory.load()
            .withValue("pekko.actor.provider", ConfigValueFactory.fromAnyRef("local"));
    ApiRouter router =
        new ApiRouter()
            .on(
                "POST",
                "/v1/things/{thing}",
                call ->
                    Map.of(
                        "thing", call.name("thing"),
                        "query", call.query(),
                        "body", call.body(),
                        "passedOn", call.passedOn()))
            .on(
                "GET",
                "/v1/refused",
                call -> {
                  throw ApiException.conflict("not now", "later");
                });
    other = HttpServer.open("127.0.0.1", 0, 4, router, executor, config);
    passOn =
        new PassOn(new Two("http://127.0.0.1:" + other.port()), Duration.ofSeconds(20), executor);
  }

  @AfterEach
  void close() {
    other.close();
    executor.shutdownNow();
  }

  private record Two(String url) implements Peers {
    @Override
    public String own() {
      return "a";
    }

    @Override
    public Optional<String> apiOf(String node) {
      return node.equals("b") ? Optional.of(url) : Optional.empty();
    }

    @Override
    public List<String> withRole(String role) {
      return List.of("b");
    }
  }

  private static ApiCall call(String method, String pathAndQuery, boolean passedOn)
      throws ApiException {
    return new ApiCall(
        method, pathAndQuery, Map.of(), Map.of(), ApiJson.parse("{\"size\": 7}"), passedOn);
  }

  @Test
  void requestArrivesAsItCameAndIsMarked() throws Exception {
    JsonNode answer = ApiJson.tree(passOn.to("b", call("POST", "/v1/things/a%20b?from=1", false)));

    assertThat(answer.path("thing").asText()).isEqualTo("a b");
    assertThat(answer.path("query").path("from").asText()).isEqualTo("1");
    assertThat(answer.path("body").path("size").asInt()).isEqualTo(7);
    assertThat(answer.path("passedOn").asBoolean()).isTrue();
  }

  @Test
  void errorOfTheOtherNodeIsAnsweredAsItsOwn() throws Exception {
    ApiCall call = call("GET", "/v1/refused", false);

    ApiException refused = catchThrowableOfType(ApiException.class, () -> passOn.to("b", call));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused).hasMessage("not now");
    assertThat(refused.remedy()).isEqualTo("later");
  }

  @Test
  void requestIsPassedOnOnceOnly() throws Exception {
    ApiCall call = call("POST", "/v1/things/x", true);

    ApiException refused = catchThrowableOfType(ApiException.class, () -> passOn.to("b", call));

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused).hasMessageContaining("moved to node b");
  }

  @Test
  void nodeThatDoesNotRunIsNamed() throws Exception {
    ApiCall call = call("POST", "/v1/things/x", false);

    ApiException refused = catchThrowableOfType(ApiException.class, () -> passOn.to("c", call));

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused).hasMessageContaining("node c");
  }
}
