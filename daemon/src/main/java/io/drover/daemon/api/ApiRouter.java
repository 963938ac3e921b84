package io.drover.daemon.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the handler of a request by method and path.
 *
 * <p>Handlers may block: they run on virtual threads. What they return is turned into JSON.
 */
public final class ApiRouter {
  private final List<Route> routes = new ArrayList<>();

  /** Answers one kind of request. */
  @FunctionalInterface
  public interface Handler {
    /** The answer, to be shown as JSON. */
    Object answer(ApiCall call) throws Exception;
  }

  private record Route(String method, List<String> pattern, Handler handler) {

    Optional<Map<String, String>> match(List<String> path) {
      if (path.size() != pattern.size()) {
        return Optional.empty();
      }
      Map<String, String> names = new HashMap<>();
      for (int i = 0; i < path.size(); i++) {
        String part = pattern.get(i);
        if (part.startsWith("{")) {
          names.put(part.substring(1, part.length() - 1), path.get(i));
        } else if (!part.equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(names);
    }
  }

  /** Adds a route; parts of the path in braces match anything but a slash. */
  public ApiRouter on(String method, String path, Handler handler) {
    routes.add(new Route(method, split(path), handler));
    return this;
  }

  /** Answers a request. */
  public Object answer(String method, String path, String rawQuery, JsonNode body, boolean passedOn)
      throws Exception {
    List<String> parts = split(path).stream().map(ApiRouter::decode).toList();
    TreeSet<String> otherMethods = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> names = route.match(parts);
      if (names.isPresent() && route.method().equals(method)) {
        String whole = rawQuery.isEmpty() ? path : path + "?" + rawQuery;
        return route
            .handler()
            .answer(new ApiCall(method, whole, names.get(), query(rawQuery), body, passedOn));
      }
      if (names.isPresent()) {
        otherMethods.add(route.method());
      }
    }
    if (!otherMethods.isEmpty()) {
      throw ApiException.passedOn(
          405, method + " is not possible on " + path, "use " + String.join(" or ", otherMethods));
    }
    throw ApiException.notFound("there is nothing at " + path, "GET /v1 lists what there is");
  }

  /** All routes, as "METHOD /path". */
  public List<String> routes() {
    return routes.stream().map(r -> r.method() + " /" + String.join("/", r.pattern())).toList();
  }

  private static List<String> split(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        query.put(decode(key), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
