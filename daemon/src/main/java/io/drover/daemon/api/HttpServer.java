package io.drover.daemon.api;

import com.typesafe.config.Config;
import io.drover.daemon.metrics.MetricsPage;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a router over HTTP.
 *
 * <p>It has an actor system of its own, which is not a member of the cluster: health and metrics
 * must be there just when membership is not.
 */
public final class HttpServer implements AutoCloseable {
  /** Set on a request that one node passes on to another. */
  public static final String PASSED_ON = "X-Drover-Passed-On";

  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration TO_READ_BODY = Duration.ofSeconds(10);
  private static final Duration TO_STOP = Duration.ofSeconds(3);

  /** Answered at once from what the node knows, so that a few at a time are enough. */
  private static final Set<String> WATCHED = Set.of("/metrics", "/v1/health");

  private static final int MAX_WATCHERS = 16;

  private final ActorSystem system;
  private final ServerBinding binding;

  private HttpServer(ActorSystem system, ServerBinding binding) {
    this.system = system;
    this.binding = binding;
  }

  /** Opens the port; the executor runs handlers, which may block. */
  public static HttpServer open(
      String address,
      int port,
      int maxWaiting,
      ApiRouter router,
      ExecutorService executor,
      Config config)
      throws IOException {
    ActorSystem system = ActorSystem.create("drover-http", config);
    Answering answering =
        new Answering(
            router, executor, new Semaphore(maxWaiting), new Semaphore(MAX_WATCHERS), system);
    try {
      ServerBinding binding =
          Http.get(system)
              .newServerAt(address, port)
              .bind(
                  (org.apache.pekko.japi.function.Function<
                          HttpRequest, CompletionStage<HttpResponse>>)
                      answering::answer)
              .toCompletableFuture()
              .orTimeout(15, TimeUnit.SECONDS)
              .join();
      return new HttpServer(system, binding);
    } catch (CompletionException failed) {
      system.terminate();
      throw new IOException(
          "cannot serve HTTP at "
              + address
              + ":"
              + port
              + ": "
              + failed.getCause()
              + "; free the port or change drover.api.port",
          failed);
    }
  }

  /** The port that is served. */
  public int port() {
    return binding.localAddress().getPort();
  }

  @Override
  public void close() {
    try {
      binding
          .terminate(TO_STOP)
          .toCompletableFuture()
          .orTimeout(TO_STOP.toMillis() * 2, TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException late) {
      log.atWarn().setCause(late).log("HTTP connections did not end in time");
    }
    system.terminate();
  }

  private record Answering(
      ApiRouter router,
      ExecutorService executor,
      Semaphore waiting,
      Semaphore watching,
      ActorSystem system) {

    CompletionStage<HttpResponse> answer(HttpRequest request) {
      // What watches the node must get through just when operators' calls have to wait.
      Semaphore permits = WATCHED.contains(request.getUri().path()) ? watching : waiting;
      if (!permits.tryAcquire()) {
        request.discardEntityBytes(system);
        return CompletableFuture.completedFuture(
            error(
                ApiException.unavailable(
                    "this node has as many requests waiting as it may",
                    "try again, or raise drover.api.max-waiting-requests")));
      }
      return request
          .entity()
          .toStrict(TO_READ_BODY.toMillis(), system)
          .thenApplyAsync(entity -> answer(request, entity.getData().utf8String()), executor)
          .whenComplete((response, failure) -> permits.release());
    }

    private HttpResponse answer(HttpRequest request, String body) {
      String path = request.getUri().path();
      try {
        if (path.equals("/metrics")) {
          return HttpResponse.create()
              .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, MetricsPage.text()));
        }
        boolean passedOn = request.getHeader(PASSED_ON).isPresent();
        String query = request.getUri().rawQueryString().orElse("");
        Object answer =
            router.answer(request.method().value(), path, query, ApiJson.parse(body), passedOn);
        return json(200, answer);
      } catch (Exception failed) {
        Optional<ApiException> known = ApiFailures.of(failed);
        if (known.isPresent()) {
          return error(known.get());
        }
        log.atError()
            .addKeyValue("method", request.method().value())
            .addKeyValue("path", path)
            .setCause(failed)
            .log("request failed");
        return error(
            ApiException.passedOn(
                500, "the node failed to answer: " + failed, "see the node's log"));
      }
    }

    private static HttpResponse error(ApiException refused) {
      Map<String, String> body = new LinkedHashMap<>();
      body.put("error", String.valueOf(refused.getMessage()));
      body.put("remedy", refused.remedy());
      return json(refused.status(), body);
    }

    private static HttpResponse json(int status, Object body) {
      return HttpResponse.create()
          .withStatus(StatusCodes.get(status))
          .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ApiJson.compact(body)));
    }
  }
}
