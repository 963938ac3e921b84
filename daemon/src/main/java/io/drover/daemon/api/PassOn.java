package io.drover.daemon.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Hands a request to the node that can answer it, once: a node that gets a request so and cannot
 * answer refuses it, because things moved in between.
 */
public final class PassOn {
  private static final Duration TO_CONNECT = Duration.ofSeconds(3);
  private static final int FIRST_ERROR = 400;

  private final Peers peers;
  private final Duration toAnswer;
  private final HttpClient http;

  /** Answers take at most {@code toAnswer}; the executor runs the client's own tasks. */
  public PassOn(Peers peers, Duration toAnswer, Executor executor) {
    this.peers = peers;
    this.toAnswer = toAnswer;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TO_CONNECT)
            .executor(executor)
            .build();
  }

  /** The answer of another node, or the error that it gave. */
  public Object to(String node, ApiCall call) throws ApiException, InterruptedException {
    if (call.passedOn()) {
      throw ApiException.unavailable(
          "what is asked for has just moved to node " + node, "send the request again");
    }
    String url =
        peers
            .apiOf(node)
            .orElseThrow(() ->
                ApiException.unavailable(
                    "node " + node + ", which has to answer this, does not run",
                    "start node " + node + ", or wait until its work has gone to another node"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + call.pathAndQuery()))
            .timeout(toAnswer)
            .header("Content-Type", "application/json")
            .header(HttpServer.PASSED_ON, peers.own())
            .method(
                call.method(),
                call.body().isMissingNode()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(call.body().toString()))
            .build();
    HttpResponse<String> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException broken) {
      throw ApiException.unavailable(
          "node " + node + " at " + url + " did not answer: " + broken,
          "look at `drover status`; the request may have been carried out");
    }
    JsonNode body = ApiJson.parse(response.body());
    if (response.statusCode() >= FIRST_ERROR) {
      throw ApiException.passedOn(
          response.statusCode(),
          body.path("error").asText("node " + node + " answered " + response.statusCode()),
          body.path("remedy").asText(""));
    }
    return body;
  }

  /** Whether this node is meant. */
  boolean isOwn(String node) {
    return peers.own().equals(node);
  }

  Peers peers() {
    return peers;
  }
}
