package io.drover.hostagent.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** One line from QEMU's monitor. */
sealed interface QmpMessage {
  ObjectMapper JSON = new ObjectMapper();

  /**
   * First line of a connection.
   *
   * @param outOfBand whether commands can be carried out while QEMU's main loop hangs
   */
  record Greeting(String version, boolean outOfBand) implements QmpMessage {}

  /** A command was carried out. */
  record Return(long id, JsonNode value) implements QmpMessage {}

  /**
   * A command was refused.
   *
   * @param id -1 when QEMU could not tell which
   */
  record Refusal(long id, String errorClass, String description) implements QmpMessage {}

  record Event(String name, JsonNode data) implements QmpMessage {}

  /** Not QMP; the next line may be again. */
  record Unintelligible(String start) implements QmpMessage {}

  /** Understands any line; never fails. */
  static QmpMessage parse(String line) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return unintelligible(line);
    }
    if (node == null || !node.isObject()) {
      return unintelligible(line);
    }
    JsonNode id = node.path("id");
    if (node.has("return") && id.isIntegralNumber()) {
      return new Return(id.asLong(), node.get("return"));
    }
    if (node.path("error").isObject()) {
      JsonNode error = node.get("error");
      return new Refusal(
          id.isIntegralNumber() ? id.asLong() : -1,
          error.path("class").asText("GenericError"),
          error.path("desc").asText("no description"));
    }
    if (node.path("event").isTextual()) {
      return new Event(node.get("event").asText(), node.path("data"));
    }
    if (node.path("QMP").isObject()) {
      JsonNode version = node.get("QMP").path("version").path("qemu");
      boolean outOfBand = false;
      for (JsonNode capability : node.get("QMP").path("capabilities")) {
        outOfBand |= capability.asText().equals("oob");
      }
      return new Greeting(
          version.path("major").asInt()
              + "."
              + version.path("minor").asInt()
              + "."
              + version.path("micro").asInt(),
          outOfBand);
    }
    return unintelligible(line);
  }

  private static Unintelligible unintelligible(String line) {
    String start = line.length() <= 80 ? line : line.substring(0, 80) + "...";
    // It ends up in a log.
    return new Unintelligible(start.replaceAll("\\p{Cntrl}", "?"));
  }
}
