package io.drover.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.BadValue;
import com.typesafe.config.ConfigException.WrongType;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** How single values are parsed and shown; empty means that the value is of the wrong kind. */
final class Values {
  private static final int LONGEST_SHOWN = 120;

  private Values() {}

  static Optional<String> string(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> Optional.of(String.valueOf(value.unwrapped()));
      case OBJECT, LIST, NULL -> Optional.empty();
    };
  }

  static Optional<Long> wholeNumber(ConfigValue value) {
    return number(value)
        .filter(n -> n == Math.rint(n) && Math.abs(n) < 9e15)
        .map(Double::longValue);
  }

  static Optional<Double> number(ConfigValue value) {
    return string(value).flatMap(Values::parseNumber).filter(Double::isFinite);
  }

  static Optional<Boolean> flag(ConfigValue value) {
    return lenient(value, config -> config.getBoolean("v"));
  }

  static Optional<Duration> duration(ConfigValue value) {
    Optional<Double> bare = number(value);
    if (bare.isPresent()) {
      return bare.filter(n -> n == 0).map(n -> Duration.ZERO);
    }
    return value.valueType() == ConfigValueType.STRING
        ? lenient(value, config -> config.getDuration("v"))
        : Optional.empty();
  }

  static Optional<Long> bytes(ConfigValue value) {
    return lenient(value, config -> config.getBytes("v"));
  }

  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * As it would be written in a file, shortened; secrets are the reader's business, not ours: none
   * is kept in plain settings.
   */
  static Optional<String> show(ConfigValue value) {
    String text = value.render(ConfigRenderOptions.concise());
    return Optional.of(
        text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...");
  }

  static String show(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.toNanosPart() % 1_000_000 != 0) {
      return duration.toNanos() / 1_000 + "us";
    }
    if (duration.toNanosPart() != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  static String showBytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    long amount = bytes;
    int unit = 0;
    while (amount != 0 && amount % 1024 == 0 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    return amount + units[unit];
  }

  private static Optional<Double> parseNumber(String text) {
    try {
      return Optional.of(Double.valueOf(text.strip()));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static <T> Optional<T> lenient(ConfigValue value, Function<Config, T> get) {
    try {
      return Optional.of(get.apply(ConfigFactory.empty().withValue("v", value)));
    } catch (BadValue | WrongType wrongKind) {
      return Optional.empty();
    }
  }
}
