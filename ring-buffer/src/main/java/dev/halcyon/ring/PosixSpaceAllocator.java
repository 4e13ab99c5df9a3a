package dev.halcyon.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code posix_fallocate(3)} through the C library, on a descriptor of its own (Java does not give
 * out a channel's). Any thread.
 */
@SuppressWarnings("restricted") // the C library's open, close and posix_fallocate
enum PosixSpaceAllocator implements SpaceAllocator {
  INSTANCE;

  /** {@code O_RDWR}: 2 on every Unix that has posix_fallocate. */
  private static final int OPEN_READ_WRITE = 2;

  private static final int NO_SPACE = 28;
  private static final int INTERRUPTED = 4;

  private static final SymbolLookup C = Linker.nativeLinker().defaultLookup();

  private static final Optional<MethodHandle> OPEN =
      function(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final Optional<MethodHandle> CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final Optional<MethodHandle> FALLOCATE =
      function(
          "posix_fallocate",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));

  private static Optional<MethodHandle> function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return C.find(name).map(at -> Linker.nativeLinker().downcallHandle(at, shape, options));
  }

  static boolean isAvailable() {
    return OPEN.isPresent() && CLOSE.isPresent() && FALLOCATE.isPresent();
  }

  @Override
  public void allocate(Path file, long offsetBytes, long lengthBytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toAbsolutePath().toString());
      int descriptor = (int) OPEN.orElseThrow().invokeExact(path, OPEN_READ_WRITE);
      if (descriptor < 0) {
        throw new IOException("cannot open " + file + " to take its space");
      }
      int error = INTERRUPTED;
      try {
        while (error == INTERRUPTED) {
          error = (int) FALLOCATE.orElseThrow().invokeExact(descriptor, offsetBytes, lengthBytes);
        }
      } finally {
        int ignored = (int) CLOSE.orElseThrow().invokeExact(descriptor);
      }
      if (error != 0) {
        throw new IOException(
            (error == NO_SPACE ? "no space left" : "posix_fallocate failed")
                + " [file=%s, offsetBytes=%d, lengthBytes=%d, errno=%d]"
                    .formatted(file, offsetBytes, lengthBytes, error));
      }
    } catch (IOException | RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("native call failed", failure);
    }
  }
}
