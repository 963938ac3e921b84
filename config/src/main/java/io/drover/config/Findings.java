package io.drover.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The problems found so far by all readers of one tree, and how the origin of a value is told. */
final class Findings {
  static final Comparator<ConfigProblem> BY_PLACE =
      Comparator.comparing(ConfigProblem::file)
          .thenComparingInt(ConfigProblem::line)
          .thenComparing(ConfigProblem::key);

  private final List<ConfigProblem> problems = new ArrayList<>();

  void add(ConfigProblem problem) {
    // The same bad value may be read by two records.
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  static ConfigProblem problem(
      ConfigOrigin origin, String key, Optional<String> value, String accepted) {
    return new ConfigProblem(
        source(origin), Math.max(0, origin.lineNumber()), key, value, accepted);
  }

  static String source(ConfigOrigin origin) {
    if (origin.filename() != null) {
      return origin.filename();
    }
    if (origin.resource() != null) {
      return origin.resource();
    }
    // An origin given as text carries its line in the description.
    return origin.description().replaceAll(": \\d+(-\\d+)?$", "");
  }

  /**
   * The first place inside a value that an operator wrote; empty when all of it comes from defaults
   * or the environment.
   */
  static Optional<ConfigOrigin> writtenByOperator(ConfigValue value) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      return firstOf(object.values());
    }
    if (value instanceof ConfigList list && !list.isEmpty()) {
      return firstOf(list);
    }
    return isDefault(value.origin()) ? Optional.empty() : Optional.of(value.origin());
  }

  private static Optional<ConfigOrigin> firstOf(Collection<ConfigValue> values) {
    return values.stream()
        .map(Findings::writtenByOperator)
        .flatMap(Optional::stream)
        .min(Comparator.comparing(Findings::source).thenComparingInt(ConfigOrigin::lineNumber));
  }

  private static boolean isDefault(ConfigOrigin origin) {
    String source = source(origin);
    return source.endsWith("reference.conf")
        || source.contains("system properties")
        || source.contains("env var");
  }
}
