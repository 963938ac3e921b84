package io.drover.config;

import java.util.List;
import java.util.stream.Collectors;

/** The settings cannot be used; carries every problem that was found, not only the first. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** Makes a message of all problems, one a line. */
  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of file and line. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
