package io.drover.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A switch over a closed set of cases names them all, so that the compiler finds the places that a
 * new case touches. Looks at the sources, since classes no longer tell.
 */
class SealedSwitchTest {
  @Test
  void noSwitchOverASealedTypeOrAnEnumHasADefault() throws IOException {
    List<Path> sources = new ArrayList<>();
    Path home = Path.of("..").toAbsolutePath().normalize();
    for (String module :
        List.of("config", "predictor", "storage", "host-agent", "scheduler", "daemon")) {
      try (Stream<Path> files = Files.walk(home.resolve(module).resolve("src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertThat(sources).hasSizeGreaterThan(200);
    assertThat(defaults(sources)).isEmpty();
  }

  @Test
  void aDefaultWouldBeFound(@TempDir Path dir) throws IOException {
    Path source = dir.resolve("Light.java");
    Files.writeString(
        source,
        """
        enum Light {
          RED, GREEN;
          boolean go() { return switch (this) { case GREEN -> true; default -> false; }; }
          static int text(String s) { switch (s) { case "a": return 1; default: return 2; } }
        }
        """);
    assertThat(defaults(List.of(source))).singleElement().asString().endsWith("Light.java:3");
  }

  private static List<String> defaults(List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    List<String> found = new ArrayList<>();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  problems,
                  files,
                  null,
                  List.of("-proc:none", "-nowarn", "--release", "25", "-cp", classPath),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      Trees trees = Trees.instance(task);
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      task.analyze();
      for (CompilationUnitTree unit : units) {
        new Scanner(trees, unit, found).scan(unit, null);
      }
    }
    assertThat(problems.toString()).doesNotContain("error:");
    return found;
  }

  private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Trees trees;
    private final CompilationUnitTree unit;
    private final List<String> found;

    Scanner(Trees trees, CompilationUnitTree unit, List<String> found) {
      this.trees = trees;
      this.unit = unit;
      this.found = found;
    }

    @Override
    public @Nullable Void visitSwitch(SwitchTree node, @Nullable Void unused) {
      check(node, node.getExpression(), node.getCases());
      return super.visitSwitch(node, null);
    }

    @Override
    public @Nullable Void visitSwitchExpression(SwitchExpressionTree node, @Nullable Void unused) {
      check(node, node.getExpression(), node.getCases());
      return super.visitSwitchExpression(node, null);
    }

    private void check(Tree node, ExpressionTree selector, List<? extends CaseTree> cases) {
      boolean hasDefault =
          cases.stream()
              .flatMap(one -> one.getLabels().stream())
              .anyMatch(DefaultCaseLabelTree.class::isInstance);
      TypeMirror type = trees.getTypeMirror(com.sun.source.util.TreePath.getPath(unit, selector));
      if (hasDefault && type instanceof DeclaredType declared && closed(declared.asElement())) {
        long line =
            unit.getLineMap()
                .getLineNumber(trees.getSourcePositions().getStartPosition(unit, node));
        found.add(unit.getSourceFile().getName() + ":" + line);
      }
    }

    private static boolean closed(Element type) {
      return type.getKind() == ElementKind.ENUM || type.getModifiers().contains(Modifier.SEALED);
    }
  }
}
