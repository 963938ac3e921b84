package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;

final class Texts {
  private Texts() {}

  static String required(ConfigReader r, String key) {
    String value = r.string(key);
    if (value.isBlank()) {
      r.reject(key, "a text that is not empty");
    }
    return value;
  }
}
