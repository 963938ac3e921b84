package io.drover.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * An alert on a metric that nobody exports never fires, and nobody notices. So every metric that
 * the rules name must be one that the code registers.
 */
class AlertRulesUseExportedMetricsTest {
  private static final Path RULES =
      Path.of("..").toAbsolutePath().normalize().resolve("config/prometheus/drover-rules.yml");
  private static final Pattern METRIC = Pattern.compile("\\bdrover_[a-z0-9_]+");
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.drover");

  @Test
  void everyMetricOfARuleIsExported() throws Exception {
    Set<String> exported = exported();
    assertThat(exported).hasSizeGreaterThan(30).contains("drover_agent_steps_total");
    Set<String> missing = named(Files.readString(RULES));
    missing.removeAll(exported);
    assertThat(missing).as("metrics that drover-rules.yml names and no code registers").isEmpty();
  }

  @Test
  void everyAlertSaysWhatItMeansWhyAndWhatToDo() throws IOException {
    String[] alerts = Files.readString(RULES).split("- alert: ", -1);
    assertThat(alerts).hasSizeGreaterThan(5);
    for (int i = 1; i < alerts.length; i++) {
      String name = alerts[i].lines().findFirst().orElseThrow();
      assertThat(alerts[i])
          .as(name)
          .contains("severity: ", "summary: \"", "cause: \"", "remedy: \"");
    }
  }

  @Test
  void everyAlertHasATest() throws IOException {
    String tests = Files.readString(RULES.resolveSibling("drover-rules-test.yml"));
    Matcher alert = Pattern.compile("- alert: (\\w+)").matcher(Files.readString(RULES));
    while (alert.find()) {
      assertThat(tests).contains(alert.group(1));
    }
  }

  private static Set<String> named(String text) {
    Set<String> names = new TreeSet<>();
    Matcher metric = METRIC.matcher(text);
    while (metric.find()) {
      names.add(metric.group());
    }
    return names;
  }

  /**
   * What the classes called ...Metrics register, and what collectors that are asked at each scrape
   * have as names in their code.
   */
  private static Set<String> exported() throws Exception {
    CollectorRegistry registry = new CollectorRegistry();
    Set<String> names = new TreeSet<>();
    for (JavaClass one : PRODUCT) {
      if (one.isAssignableTo(Collector.class)) {
        names.addAll(constants(one.reflect()));
      } else if (one.getSimpleName().endsWith("Metrics")) {
        register(one.reflect(), registry);
      }
    }
    for (CollectorRegistry from :
        new CollectorRegistry[] {registry, CollectorRegistry.defaultRegistry}) {
      Collections.list(from.metricFamilySamples())
          .forEach(family -> Collections.addAll(names, family.getNames()));
    }
    return names;
  }

  private static void register(Class<?> metrics, CollectorRegistry registry) throws Exception {
    for (Constructor<?> constructor : metrics.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 1
          && constructor.getParameterTypes()[0] == CollectorRegistry.class) {
        constructor.setAccessible(true);
        constructor.newInstance(registry);
        return;
      }
    }
    // The others register in the default registry when they are loaded.
    Class.forName(metrics.getName());
  }

  private static Set<String> constants(Class<?> type) throws IOException {
    Set<String> names = new TreeSet<>();
    String file = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      ClassFile.of()
          .parse(in.readAllBytes())
          .constantPool()
          .forEach(entry -> {
            if (entry instanceof StringEntry text && METRIC.matcher(text.stringValue()).matches()) {
              names.add(text.stringValue());
            }
          });
    }
    return names;
  }
}
