package dev.halcyon.ring;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/** {@code madvise(2)} of Linux, through the C library. Any thread. */
@SuppressWarnings("restricted") // the C library's madvise
final class PageAdvice {
  private static final int DONT_NEED = 4;
  private static final int POPULATE_WRITE = 23;

  private static final Optional<MethodHandle> MADVISE = madvise();

  private PageAdvice() {}

  private static Optional<MethodHandle> madvise() {
    boolean isLinux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("madvise")
        .filter(at -> isLinux)
        .map(
            at ->
                linker.downcallHandle(
                    at,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT)));
  }

  /**
   * {@code MADV_POPULATE_WRITE} of Linux 5.14: faults pages in for writing without touching their
   * bytes, so that no cache line is pulled away from a writer close by.
   *
   * @param pages begins at a page's start
   * @return false when this kernel cannot
   */
  static boolean populateForWriting(MemorySegment pages) {
    return advise(pages, POPULATE_WRITE);
  }

  /** {@code MADV_DONTNEED}: of a shared mapping only the page table's entries go. */
  static void forget(MemorySegment pages) {
    advise(pages, DONT_NEED);
  }

  private static boolean advise(MemorySegment pages, int advice) {
    if (MADVISE.isEmpty()) {
      return false;
    }
    try {
      return (int) MADVISE.get().invokeExact(pages, pages.byteSize(), advice) == 0;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("native call failed", failure);
    }
  }
}
