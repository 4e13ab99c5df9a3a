package dev.halcyon.verticles.job;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What Linux knows of the terminal behind a descriptor. No state; any thread. */
final class Terminal {
  /** asm-generic/ioctls.h. */
  private static final long TIOCGWINSZ = 0x5413;

  private static final int DEFAULT_COLUMNS = 80;

  private Terminal() {}

  /** Whether somebody looks at what is written to a descriptor. */
  @SuppressWarnings("restricted")
  static boolean isTerminal(int descriptor) {
    Linker linker = Linker.nativeLinker();
    MethodHandle isatty =
        linker.downcallHandle(
            linker.defaultLookup().find("isatty").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) isatty.invokeExact(descriptor) == 1;
    } catch (Throwable failure) {
      throw new IllegalStateException("isatty cannot be called", failure);
    }
  }

  /** How wide it is; 80 where nobody knows. */
  @SuppressWarnings("restricted")
  static int columns(int descriptor) {
    Linker linker = Linker.nativeLinker();
    MethodHandle ioctl =
        linker.downcallHandle(
            linker.defaultLookup().find("ioctl").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    try (Arena arena = Arena.ofConfined()) {
      // struct winsize: rows, columns, and two in pixels, each of 16 bits.
      MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
      int failed = (int) ioctl.invokeExact(descriptor, TIOCGWINSZ, size);
      int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
      return failed != 0 || columns == 0 ? DEFAULT_COLUMNS : columns;
    } catch (Throwable failure) {
      throw new IllegalStateException("ioctl cannot be called", failure);
    }
  }
}
