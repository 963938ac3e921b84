package io.drover.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object of a configuration tree and collects what is wrong with it instead of stopping
 * at the first problem.
 *
 * <p>Every getter answers with a usable value even when the setting is bad (the nearest accepted
 * one, or an empty one), so that a settings record can be read to its end; {@link #finish()} then
 * refuses the whole. Keys that were written by an operator and that nobody asked for are problems
 * too, with the nearest known key as a suggestion. Values from {@code reference.conf}, from system
 * properties and from the environment are never reported as unknown.
 *
 * <p>A key may be a path with dots. Not thread-safe: settings are read once, at start.
 */
public final class ConfigReader {
  private final Findings findings;
  private final String path;
  private final ConfigObject object;

  /**
   * Keys asked for, with the reader of those that are sections, so that a section asked for twice
   * is the same one.
   */
  private final Map<String, List<ConfigReader>> asked = new LinkedHashMap<>();

  private ConfigReader(Findings findings, String path, ConfigObject object) {
    this.findings = findings;
    this.path = path;
    this.object = object;
  }

  /** A reader of the whole tree; substitutions must have been resolved. */
  public static ConfigReader of(Config resolved) {
    return new ConfigReader(new Findings(), "", resolved.root());
  }

  /**
   * Reads one record from the tree, and finishes.
   *
   * <p>A record's own constructor may refuse what it is given because an earlier value was bad: the
   * collected problems explain that better, so they take precedence.
   */
  public static <T> T read(Config resolved, Function<ConfigReader, T> record)
      throws ConfigException {
    ConfigReader root = of(resolved);
    T result;
    try {
      result = record.apply(root);
    } catch (IllegalArgumentException refused) {
      root.finish();
      String message = refused.getMessage();
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  Findings.source(resolved.root().origin()),
                  0,
                  "settings",
                  Optional.empty(),
                  message == null ? refused.toString() : message)));
    }
    root.finish();
    return result;
  }

  /** A string that must be present; it may be empty. */
  public String string(String key) {
    return at(key, ConfigReader::readString);
  }

  /** A string that may be missing; an empty one counts as missing. */
  public Optional<String> optionalString(String key) {
    return at(
        key,
        (reader, name) ->
            reader.isMissing(name)
                ? Optional.empty()
                : Optional.of(reader.readString(name)).filter(s -> !s.isEmpty()));
  }

  /** A whole number between the bounds, both included. */
  public int integer(String key, int min, int max) {
    return Math.toIntExact(longInteger(key, min, max));
  }

  /** A whole number between the bounds, both included. */
  public long longInteger(String key, long min, long max) {
    String accepted = "a whole number from " + min + " to " + max;
    return at(key, (reader, name) -> reader.bounded(name, Values::wholeNumber, min, max, accepted));
  }

  /** A number between the bounds, both included. */
  public double number(String key, double min, double max) {
    String accepted = "a number from " + min + " to " + max;
    return at(key, (reader, name) -> reader.bounded(name, Values::number, min, max, accepted));
  }

  /** Only {@code true} and {@code false}, also as {@code yes|no|on|off}. */
  public boolean flag(String key) {
    return at(key, (reader, name) -> reader.parsed(name, Values::flag, false, "true or false"));
  }

  /**
   * A duration written with its unit: a bare number is refused, because nobody remembers which unit
   * it would have.
   */
  public Duration duration(String key, Duration min, Duration max) {
    String accepted =
        "a duration with its unit from " + Values.show(min) + " to " + Values.show(max);
    return at(key, (reader, name) -> reader.bounded(name, Values::duration, min, max, accepted));
  }

  /**
   * A size in bytes; K, M, G and T (also KiB, ...) are powers of two, kB, MB, ... are powers of
   * ten.
   */
  public long bytes(String key, long min, long max) {
    String accepted = "a size from " + Values.showBytes(min) + " to " + Values.showBytes(max);
    return at(key, (reader, name) -> reader.bounded(name, Values::bytes, min, max, accepted));
  }

  /** A list of strings, possibly empty. */
  public List<String> strings(String key) {
    return at(
        key,
        (reader, name) -> {
          List<String> result = new ArrayList<>();
          for (ConfigValue value : reader.list(name)) {
            Optional<String> text = Values.string(value);
            if (text.isPresent()) {
              result.add(text.get());
            } else {
              reader.report(name, value, "a list of strings");
            }
          }
          return List.copyOf(result);
        });
  }

  /** One of the constants of an enum, written in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] constants = type.getEnumConstants();
    String accepted =
        "one of " + String.join(", ", Arrays.stream(constants).map(Values::kebab).toList());
    Function<ConfigValue, Optional<E>> parse =
        value ->
            Values.string(value)
                .flatMap(text ->
                    Arrays.stream(constants)
                        .filter(c -> Values.kebab(c).equals(text.toLowerCase(Locale.ROOT)))
                        .findFirst());
    return at(key, (reader, name) -> reader.parsed(name, parse, constants[0], accepted));
  }

  /** A list of choices without repetition. */
  public <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
    String accepted =
        "a list of "
            + String.join(", ", Arrays.stream(type.getEnumConstants()).map(Values::kebab).toList());
    List<E> result = new ArrayList<>();
    for (String text : strings(key)) {
      Optional<E> constant =
          Arrays.stream(type.getEnumConstants())
              .filter(c -> Values.kebab(c).equals(text))
              .findFirst();
      if (constant.isPresent() && !result.contains(constant.get())) {
        result.add(constant.get());
      } else {
        reject(key, accepted + ", each once");
      }
    }
    return List.copyOf(result);
  }

  /** Whether the key has a value, from whatever source. */
  public boolean has(String key) {
    return at(key, (reader, name) -> !reader.isMissing(name));
  }

  /**
   * The object below a key; a missing one is a problem, and reads as empty without further
   * complaint about its keys.
   */
  public ConfigReader section(String key) {
    return at(key, (reader, name) -> reader.openSection(name));
  }

  /** The objects of a list. */
  public List<ConfigReader> sections(String key) {
    return at(key, (reader, name) -> reader.openSections(name));
  }

  /** Reports a problem that only a comparison of several fields can find. */
  public void reject(String key, String acceptedRange) {
    at(
        key,
        (reader, name) -> {
          reader.report(name, reader.object.get(name), acceptedRange);
          return true;
        });
  }

  /**
   * Leaves a key of this object to somebody else, such as {@code pekko}, whose library reads it by
   * itself.
   */
  public void leave(String key) {
    asked.putIfAbsent(key, List.of());
  }

  /**
   * Where this object stands in the tree, such as {@code drover.storage}; empty for the whole tree.
   */
  public String path() {
    return path;
  }

  /**
   * Refuses the settings if anything read through this tree of readers was wrong, or was written
   * and not read.
   */
  public void finish() throws ConfigException {
    List<ConfigProblem> all = new ArrayList<>(findings.problems());
    collectUnknown(all);
    if (!all.isEmpty()) {
      all.sort(Findings.BY_PLACE);
      throw new ConfigException(all);
    }
  }

  private interface Read<T> {
    T from(ConfigReader reader, String name);
  }

  private <T> T at(String key, Read<T> read) {
    List<String> elements = ConfigUtil.splitPath(key);
    ConfigReader reader = this;
    for (String element : elements.subList(0, elements.size() - 1)) {
      reader = reader.openSection(element);
    }
    String name = elements.getLast();
    reader.asked.putIfAbsent(name, List.of());
    return read.from(reader, name);
  }

  private boolean isMissing(String name) {
    ConfigValue value = object.get(name);
    return value == null || value.valueType() == ConfigValueType.NULL;
  }

  private String readString(String name) {
    return parsed(name, Values::string, "", "a string");
  }

  private <T extends Comparable<T>> T bounded(
      String name, Function<ConfigValue, Optional<T>> parse, T min, T max, String accepted) {
    T value = parsed(name, parse, min, accepted);
    if (value.compareTo(min) < 0) {
      report(name, object.get(name), accepted);
      return min;
    }
    if (value.compareTo(max) > 0) {
      report(name, object.get(name), accepted);
      return max;
    }
    return value;
  }

  private <T> T parsed(
      String name, Function<ConfigValue, Optional<T>> parse, T fallback, String accepted) {
    ConfigValue value = object.get(name);
    if (value == null || value.valueType() == ConfigValueType.NULL) {
      report(name, null, accepted);
      return fallback;
    }
    Optional<T> result = parse.apply(value);
    if (result.isEmpty()) {
      report(name, value, accepted);
    }
    return result.orElse(fallback);
  }

  private List<ConfigValue> list(String name) {
    if (object.get(name) instanceof ConfigList list) {
      return list;
    }
    report(name, object.get(name), "a list");
    return List.of();
  }

  private ConfigReader openSection(String name) {
    List<ConfigReader> known = asked.getOrDefault(name, List.of());
    if (known.size() == 1) {
      return known.getFirst();
    }
    ConfigReader opened;
    if (object.get(name) instanceof ConfigObject child) {
      opened = new ConfigReader(findings, child(name), child);
    } else {
      report(name, object.get(name), "a section { ... }");
      // What follows from the missing section would only bury the cause.
      opened =
          new ConfigReader(
              new Findings(), child(name), com.typesafe.config.ConfigFactory.empty().root());
    }
    asked.put(name, List.of(opened));
    return opened;
  }

  private List<ConfigReader> openSections(String name) {
    List<ConfigReader> known = asked.getOrDefault(name, List.of());
    if (!known.isEmpty()) {
      return known;
    }
    List<ConfigReader> opened = new ArrayList<>();
    int index = 0;
    for (ConfigValue value : list(name)) {
      if (value instanceof ConfigObject child) {
        opened.add(new ConfigReader(findings, child(name) + "[" + index + "]", child));
      } else {
        report(name, value, "a list of sections { ... }");
      }
      index++;
    }
    asked.put(name, List.copyOf(opened));
    return List.copyOf(opened);
  }

  private void collectUnknown(List<ConfigProblem> all) {
    for (String name : new TreeSet<>(object.keySet())) {
      List<ConfigReader> readers = asked.get(name);
      ConfigValue value = object.get(name);
      if (readers != null) {
        readers.forEach(reader -> reader.collectUnknown(all));
      } else if (value != null) {
        Findings.writtenByOperator(value)
            .ifPresent(origin ->
                all.add(
                    Findings.problem(origin, child(name), Values.show(value), unknownKey(name))));
      }
    }
  }

  private String unknownKey(String name) {
    String where = path.isEmpty() ? "the top level" : path;
    return Suggestions.nearest(name, asked.keySet())
        .map(near -> "unknown key; did you mean " + near + "?")
        .orElseGet(() ->
            "unknown key; known in "
                + where
                + ": "
                + String.join(", ", new TreeSet<>(asked.keySet())));
  }

  private String child(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void report(String name, @Nullable ConfigValue value, String accepted) {
    if (value == null) {
      findings.add(
          Findings.problem(
              object.origin(), child(name), Optional.empty(), "missing; accepted: " + accepted));
    } else {
      findings.add(
          Findings.problem(
              value.origin(), child(name), Values.show(value), "accepted: " + accepted));
    }
  }
}
