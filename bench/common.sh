# Shared by the scripts here; sourced, not run. Needs bash, and DROVER_HOME set.
. "$DROVER_HOME/scripts/common.sh"

# Compiles the predictor with its tests and benchmarks, and sets `java` to a command that has them all.
predictor_java() {
  local log=$1 home
  home=$(find_jdk)
  export JAVA_HOME=$home
  need_maven
  say "compiling"
  # The formatter is ./verify's business; offline first, since asking for updates only costs time.
  if ! compile_predictor -o >"$log" 2>&1 && ! compile_predictor >"$log" 2>&1; then
    cat "$log" >&2
    refuse "the build failed"
  fi
  local target=$DROVER_HOME/predictor/target
  java=("$home/bin/java" -cp "$target/test-classes:$target/classes:$(cat "$target/benchmark-classpath")")
}

compile_predictor() {
  mvn -B -ntp -q -f "$DROVER_HOME/pom.xml" -Dspotless.check.skip=true -pl predictor -am "$@" test-compile \
    dependency:build-classpath -Dmdep.outputFile=target/benchmark-classpath -Dmdep.includeScope=test
}
