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
import java.util.Locale;
import java.util.Optional;

/**
 * A file's descriptor of our own, for what Java cannot do with a channel: take blocks, give them
 * back, and lock so that closing another descriptor of the file does not unlock it. One thread at a
 * time.
 */
@SuppressWarnings("restricted") // the C library's open, close, flock, posix_fallocate, fallocate
final class PosixFile implements AutoCloseable {
  private static final boolean IS_LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");

  /** {@code O_RDWR}: 2 on every Unix; {@code O_CLOEXEC} of Linux, so that no child inherits it. */
  private static final int OPEN_READ_WRITE = IS_LINUX ? 0x8_0002 : 2;

  /** {@code LOCK_EX | LOCK_NB}. */
  private static final int LOCK_OR_FAIL = 2 | 4;

  /** {@code FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE}. */
  private static final int PUNCH_HOLE = 1 | 2;

  private static final int NO_SPACE = 28;
  private static final int INTERRUPTED = 4;

  private static final SymbolLookup C = Linker.nativeLinker().defaultLookup();
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private static final Optional<MethodHandle> OPEN =
      function(
          "open",
          FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT),
          Linker.Option.firstVariadicArg(2));
  private static final Optional<MethodHandle> CLOSE =
      function("close", FunctionDescriptor.of(INT, INT));
  private static final Optional<MethodHandle> FLOCK =
      function("flock", FunctionDescriptor.of(INT, INT, INT));
  private static final Optional<MethodHandle> POSIX_FALLOCATE =
      function("posix_fallocate", FunctionDescriptor.of(INT, INT, LONG, LONG));
  private static final Optional<MethodHandle> FALLOCATE =
      function("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG))
          .filter(found -> IS_LINUX);

  private final Path path;
  private final int descriptor;

  private PosixFile(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  private static Optional<MethodHandle> function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return C.find(name).map(at -> Linker.nativeLinker().downcallHandle(at, shape, options));
  }

  static boolean canAllocate() {
    return OPEN.isPresent() && CLOSE.isPresent() && POSIX_FALLOCATE.isPresent();
  }

  static boolean canLock() {
    return OPEN.isPresent() && CLOSE.isPresent() && FLOCK.isPresent();
  }

  /** An existing file, for reading and writing. */
  static PosixFile open(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toAbsolutePath().toString());
      int descriptor = (int) OPEN.orElseThrow().invokeExact(name, OPEN_READ_WRITE);
      if (descriptor < 0) {
        throw new IOException("cannot open " + path);
      }
      return new PosixFile(path, descriptor);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** Takes the only lock, until this is closed; false when another has it. */
  boolean tryLock() throws IOException {
    try {
      return (int) FLOCK.orElseThrow().invokeExact(descriptor, LOCK_OR_FAIL) == 0;
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** Takes the blocks of a range. */
  void allocate(long offsetBytes, long lengthBytes) throws IOException {
    int error = INTERRUPTED;
    try {
      while (error == INTERRUPTED) {
        error =
            (int) POSIX_FALLOCATE.orElseThrow().invokeExact(descriptor, offsetBytes, lengthBytes);
      }
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
    if (error != 0) {
      throw new IOException(
          (error == NO_SPACE ? "no space left" : "posix_fallocate failed")
              + " [file=%s, offsetBytes=%d, lengthBytes=%d, errno=%d]"
                  .formatted(path, offsetBytes, lengthBytes, error));
    }
  }

  /**
   * Gives the blocks of a range back and keeps the file's length, so that whoever still reads there
   * through a mapping finds zeros.
   *
   * @return false when this system or file system cannot
   */
  boolean punchHole(long offsetBytes, long lengthBytes) throws IOException {
    if (FALLOCATE.isEmpty()) {
      return false;
    }
    try {
      return (int) FALLOCATE.get().invokeExact(descriptor, PUNCH_HOLE, offsetBytes, lengthBytes)
          == 0;
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  private static IOException unexpected(Throwable failure) {
    return switch (failure) {
      case IOException stated -> stated;
      case RuntimeException ours -> throw ours;
      case Error fatal -> throw fatal;
      default -> throw new IllegalStateException("native call failed", failure);
    };
  }

  @Override
  public void close() throws IOException {
    try {
      int ignored = (int) CLOSE.orElseThrow().invokeExact(descriptor);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }
}
