package io.drover.daemon.cluster;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Signals without a process that sends them: on a loaded machine the start of one takes longer than
 * a step of a migration.
 */
final class Signals {
  private static final int CONTINUE = 18;
  private static final int STOP = 19;

  @SuppressWarnings("restricted")
  private static final MethodHandle KILL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Signals() {}

  /** SIGSTOP; false when there is no such process. */
  static boolean stop(long pid) {
    return send(pid, STOP);
  }

  /** SIGCONT; false when there is no such process. */
  static boolean cont(long pid) {
    return send(pid, CONTINUE);
  }

  private static boolean send(long pid, int signal) {
    try {
      return (int) KILL.invokeExact(Math.toIntExact(pid), signal) == 0;
    } catch (Throwable broken) {
      throw new AssertionError("kill(2) cannot be called", broken);
    }
  }
}
