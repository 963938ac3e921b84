package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.api.ApiException;
import io.drover.daemon.api.ApiJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes over HTTP; an error that a node answers with becomes a {@link CliException} with the
 * node's own words.
 */
public final class ApiClient {
  private static final Duration TO_CONNECT = Duration.ofSeconds(3);
  private static final Duration TO_ANSWER = Duration.ofMinutes(2);
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final List<String> urls;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TO_CONNECT)
          .build();

  /** Asks these nodes, in this order, until one answers. */
  public ApiClient(List<String> urls) {
    this.urls = List.copyOf(urls);
  }

  /** Asks. */
  public JsonNode get(String path) throws CliException, InterruptedException {
    return send("GET", path, null);
  }

  /** Asks for something that may not exist. */
  Optional<JsonNode> find(String path) throws CliException, InterruptedException {
    try {
      return Optional.of(send("GET", path, null));
    } catch (CliException refused) {
      if (refused.isAbsent()) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** Orders; the body becomes JSON. */
  public JsonNode post(String path, Object body) throws CliException, InterruptedException {
    return send("POST", path, ApiJson.compact(body));
  }

  JsonNode delete(String path) throws CliException, InterruptedException {
    return send("DELETE", path, null);
  }

  /** Quotes a part of a path that an operator typed. */
  public static String part(String text) throws CliException {
    if (text.isBlank()) {
      throw CliException.wrongInput("a name is empty", "give the name or the id");
    }
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode send(String method, String path, @Nullable String body)
      throws CliException, InterruptedException {
    IOException last = null;
    for (String url : urls) {
      String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      HttpRequest.BodyPublisher publisher =
          body == null
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofString(body);
      HttpRequest request;
      try {
        request =
            HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TO_ANSWER)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
      } catch (IllegalArgumentException malformed) {
        throw CliException.wrongInput(
            "'" + url + "' is not a URL: " + malformed.getMessage(),
            "give something like --api " + ApiOptions.DEFAULT_URL);
      }
      try {
        return answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
      } catch (java.net.ConnectException | java.net.http.HttpConnectTimeoutException nobody) {
        last = nobody;
      } catch (IOException broken) {
        // The request may have been carried out: asking another node could do it twice.
        throw CliException.failed(
            "the connection to " + url + " broke: " + broken,
            "look at `drover status` before you repeat the command");
      }
    }
    throw CliException.failed(
        "no node answers at "
            + String.join(", ", urls)
            + (last == null || last.getMessage() == null ? "" : " (" + last.getMessage() + ")"),
        "start one by `drover node --config FILE`, try it out by `drover demo --keep`, or name another node by --api URL or DROVER_API");
  }

  private static JsonNode answer(HttpResponse<String> response) throws CliException {
    JsonNode body;
    try {
      body = ApiJson.parse(response.body());
    } catch (ApiException notJson) {
      throw CliException.failed(
          response.uri() + " does not answer like a Drover node: " + notJson.getMessage(),
          "check --api and DROVER_API");
    }
    if (response.statusCode() < FIRST_ERROR) {
      return body;
    }
    if (response.statusCode() == NOT_FOUND) {
      throw CliException.absent(
          body.path("error").asText("there is no such thing"), body.path("remedy").asText(""));
    }
    String error = body.path("error").asText("HTTP status " + response.statusCode());
    boolean wrongInput =
        response.statusCode() < FIRST_SERVER_ERROR && response.statusCode() != CONFLICT;
    throw new CliException(
        wrongInput ? CliException.WRONG_INPUT : CliException.FAILED,
        error,
        body.path("remedy").asText(""));
  }
}
