# Shared by ./drover, ./verify and the scripts here; sourced, not run. Needs bash.

# Says something to the person at the terminal without disturbing output meant for programs.
say() { printf '%s\n' "drover: $*" >&2; }

# Ends with exit code 2: something outside Drover has to be put right first.
refuse() { say "$@"; exit 2; }

is_jdk_25() { [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null; }

# Prints the home of a JDK 25: JAVA_HOME if it is one, else the first below /usr/lib/jvm.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/*; do
    if is_jdk_25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  refuse "no JDK 25 found in JAVA_HOME or below /usr/lib/jvm. Install one (for example Eclipse Temurin 25 from https://adoptium.net) or set JAVA_HOME to it."
}

# Makes sure that there is a Maven to build with.
need_maven() {
  command -v mvn >/dev/null 2>&1 || "$DROVER_HOME/scripts/install-packages" build
}
