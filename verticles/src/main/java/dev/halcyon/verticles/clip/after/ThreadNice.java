package dev.halcyon.verticles.clip.after;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Linux's own priority of a thread: Java's is not passed on to the system. No state; any thread.
 */
public final class ThreadNice {
  /**
   * sys/resource.h: {@code PRIO_PROCESS}, which with id 0 means the calling thread
   * (setpriority(2)).
   */
  private static final int PRIO_PROCESS = 0;

  private ThreadNice() {}

  /**
   * Lets all ordinary threads go before the calling one, from now on.
   *
   * @param nice 0 (ordinary) to 19 (whoever else wants the core gets it)
   * @return whether the system did it
   */
  @SuppressWarnings("restricted")
  public static boolean set(int nice) {
    Linker linker = Linker.nativeLinker();
    MethodHandle setPriority =
        linker.downcallHandle(
            linker.defaultLookup().find("setpriority").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    try {
      return (int) setPriority.invokeExact(PRIO_PROCESS, 0, nice) == 0;
    } catch (Throwable failure) {
      throw new IllegalStateException("setpriority cannot be called", failure);
    }
  }
}
