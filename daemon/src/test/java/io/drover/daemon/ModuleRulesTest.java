package io.drover.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.drover.storage.meta.ZooKeeperSync;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The modules point one way, and what decides is pure. */
class ModuleRulesTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.drover");

  private static final String CONFIG = "io.drover.config..";
  private static final String PREDICTOR = "io.drover.predictor..";
  private static final String STORAGE = "io.drover.storage..";
  private static final String HOST_AGENT = "io.drover.hostagent..";
  private static final String SCHEDULER = "io.drover.scheduler..";

  /** Packages that decide: functions of records and of instants that are passed in. */
  private static final String[] DECIDING = {
    PREDICTOR,
    "io.drover.scheduler.plan..",
    "io.drover.scheduler.cost..",
    "io.drover.scheduler.forecast..",
    "io.drover.scheduler.power..",
    "io.drover.scheduler.migrate..",
    "io.drover.storage.version..",
    "io.drover.daemon.demo.load..",
  };

  private static void knowsOnly(String module, String... others) {
    String[] allowed = new String[others.length + 1];
    allowed[0] = module;
    System.arraycopy(others, 0, allowed, 1, others.length);
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.drover..").and(resideOutsideOfPackages(allowed)))
        .check(PRODUCT);
  }

  @Test
  void modulesPointOneWay() {
    knowsOnly(CONFIG);
    knowsOnly(PREDICTOR, CONFIG);
    knowsOnly(STORAGE, CONFIG);
    knowsOnly(HOST_AGENT, CONFIG, STORAGE);
    knowsOnly(SCHEDULER, CONFIG, PREDICTOR, STORAGE, HOST_AGENT);
  }

  @Test
  void packagesOfOneModuleDoNotGoInCircles() {
    for (String module : List.of("config", "predictor", "storage", "hostagent", "scheduler")) {
      SlicesRuleDefinition.slices()
          .matching("io.drover." + module + ".(*)..")
          .should()
          .beFreeOfCycles()
          // A disk has a version tree, and a tree names the disks that were cloned from it.
          .ignoreDependency(
              resideInAnyPackage("io.drover.storage.version.."),
              DescribedPredicate.describe(
                  "a disk's id", type -> type.getSimpleName().equals("DiskId")))
          .allowEmptyShould(true)
          .check(PRODUCT);
    }
  }

  @Test
  void thePredictorIsFunctionsOnValues() {
    classes()
        .that()
        .resideInAPackage(PREDICTOR)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                PREDICTOR,
                "java.lang..",
                "java.util",
                "java.util.function",
                "java.util.stream",
                // For checksums; nothing in it does I/O on its own.
                "java.util.zip",
                "java.time..",
                "org.jspecify..",
                "org.apache.commons.math3.."))
        .check(PRODUCT);
  }

  @Test
  void storageKnowsNoActorsAndNoScheduling() {
    noClasses()
        .that()
        .resideInAPackage(STORAGE)
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.pekko.."))
        .check(PRODUCT);
  }

  @Test
  void aSyncIsWaitedFor() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ZooKeeperSync.class.getName())
        .should()
        .callMethod(CuratorFramework.class, "sync")
        .because("Curator's own call returns before ZooKeeper has answered")
        .check(PRODUCT);
  }

  @Test
  void whatDecidesReadsNoClockAndRollsNoDice() {
    noClasses()
        .that()
        .resideInAnyPackage(DECIDING)
        .should()
        .accessTargetWhere(READS_TIME_OR_CHANCE)
        .check(PRODUCT);
  }

  @Test
  void whatDecidesHasNoActorsThreadsFilesOrSockets() {
    noClasses()
        .that()
        .resideInAnyPackage(DECIDING)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.pekko..",
                "org.apache.curator..",
                "org.apache.zookeeper..",
                "java.net..",
                "java.nio.file..",
                "java.nio.channels..",
                "java.util.concurrent.."))
        .orShould()
        .dependOnClassesThat(ACTS)
        .check(PRODUCT);
  }

  @Test
  void everyPackageIsExplainedAndNullMarked() {
    Set<String> bare = new TreeSet<>();
    for (JavaClass one : PRODUCT) {
      JavaPackage its = one.getPackage();
      if (its.tryGetPackageInfo()
          .map(info -> !info.isAnnotatedWith(NullMarked.class))
          .orElse(true)) {
        bare.add(its.getName());
      }
    }
    assertThat(bare).isEmpty();
  }

  @Test
  void theRulesLookAtEveryModuleAndCanFail() {
    for (String module : List.of(CONFIG, PREDICTOR, STORAGE, HOST_AGENT, SCHEDULER)) {
      assertThat(PRODUCT.that(resideInAnyPackage(module)).size()).as(module).isGreaterThan(3);
    }
    for (String deciding : DECIDING) {
      assertThat(PRODUCT.that(resideInAnyPackage(deciding)).size()).as(deciding).isPositive();
    }
    assertThat(
            noClasses()
                .should()
                .accessTargetWhere(READS_TIME_OR_CHANCE)
                .evaluate(PRODUCT.that(alwaysTrue()))
                .hasViolation())
        .isTrue();
  }

  private static final DescribedPredicate<JavaAccess<?>> READS_TIME_OR_CHANCE =
      new DescribedPredicate<>("reads the time, waits or rolls dice") {
        @Override
        public boolean test(JavaAccess<?> access) {
          AccessTarget target = access.getTarget();
          String owner = target.getOwner().getName();
          String name = target.getName();
          return switch (owner) {
            case "java.lang.System" -> Set.of("currentTimeMillis", "nanoTime").contains(name);
            case "java.lang.Math" -> name.equals("random");
            case "java.lang.Thread" -> name.equals("sleep");
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.util.Random" -> name.equals("<init>") && parameters(target) == 0;
            case "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom" -> true;
            case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
            default -> owner.startsWith("java.time.") && name.equals("now");
          };
        }

        private static int parameters(AccessTarget target) {
          return target instanceof AccessTarget.CodeUnitAccessTarget code
              ? code.getRawParameterTypes().size()
              : 0;
        }
      };

  private static final DescribedPredicate<JavaClass> ACTS =
      new DescribedPredicate<>("a stream, file or process") {
        @Override
        public boolean test(JavaClass type) {
          String name = type.getName();
          return name.equals("java.io.File")
              || (name.startsWith("java.io.") && name.endsWith("Stream"))
              || name.startsWith("java.lang.Process");
        }
      };
}
