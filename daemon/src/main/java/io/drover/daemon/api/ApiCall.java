package io.drover.daemon.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * One request, with the parts of its path that a route has named.
 *
 * @param pathAndQuery as it came, for passing it on
 * @param names values of the route's {@code {name}} parts
 * @param query parameters after the question mark
 * @param body the JSON that came with it; a missing node when there was none
 * @param passedOn whether another node has passed it on, which it does once only
 */
public record ApiCall(
    String method,
    String pathAndQuery,
    Map<String, String> names,
    Map<String, String> query,
    JsonNode body,
    boolean passedOn) {
  /** Copies the maps. */
  public ApiCall {
    names = Map.copyOf(names);
    query = Map.copyOf(query);
  }

  /** A named part of the path, which the route is known to have. */
  public String name(String key) {
    String value = names.get(key);
    if (value == null) {
      throw new IllegalArgumentException("route has no part {" + key + "}");
    }
    return value;
  }

  /** A string of the body that must be there. */
  public String text(String field) throws ApiException {
    return optionalText(field)
        .orElseThrow(() ->
            ApiException.badRequest(
                "the request lacks '" + field + "'",
                "send a JSON object with the text '" + field + "'"));
  }

  /** A string of the body, if it is there and not empty. */
  public Optional<String> optionalText(String field) throws ApiException {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest(
          "'" + field + "' is " + value + ", which is not a text",
          "send '" + field + "' as a JSON string");
    }
    return Optional.of(value.textValue()).filter(text -> !text.isEmpty());
  }

  /** A whole number of the body between bounds, or the default when it is missing. */
  public long number(String field, long min, long max, long whenMissing) throws ApiException {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return whenMissing;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      throw ApiException.badRequest(
          "'" + field + "' is " + value, "give a whole number from " + min + " to " + max);
    }
    return value.longValue();
  }

  /** A flag of the body; missing means false. */
  public boolean flag(String field) throws ApiException {
    JsonNode value = body.path(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw ApiException.badRequest(
          "'" + field + "' is " + value + ", which is neither true nor false",
          "send '" + field + "' as a JSON boolean");
    }
    return value.asBoolean(false);
  }
}
