package io.drover.daemon.api;

/** Parameters after the question mark. */
final class Queries {
  private Queries() {}

  /** A whole number between bounds, or the default when it is missing. */
  static long number(ApiCall call, String key, long min, long max, long whenMissing)
      throws ApiException {
    String text = call.query().get(key);
    if (text == null || text.isEmpty()) {
      return whenMissing;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw refused(key, text, min, max);
    }
    throw refused(key, text, min, max);
  }

  private static ApiException refused(String key, String text, long min, long max) {
    return ApiException.badRequest(
        "'" + key + "' is '" + text + "'", "give a whole number from " + min + " to " + max);
  }
}
