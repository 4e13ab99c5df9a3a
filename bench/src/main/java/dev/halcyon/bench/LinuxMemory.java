package dev.halcyon.bench;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The most anonymous memory that this process has resident, by looking some times a second; 0 where
 * the kernel does not tell. Any thread; closed by who began it.
 */
public final class LinuxMemory implements AutoCloseable {
  private static final long EVERY_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final AtomicLong peakBytes = new AtomicLong();
  private volatile boolean isClosed;

  private LinuxMemory() {}

  public static LinuxMemory watch() {
    LinuxMemory memory = new LinuxMemory();
    Thread.ofPlatform().daemon().name("bench-memory").start(memory::run);
    return memory;
  }

  private void run() {
    while (!isClosed) {
      look();
      LockSupport.parkNanos(EVERY_NS);
    }
  }

  private void look() {
    Machine.field(Path.of("/proc/self/status"), "RssAnon:")
        .map(Machine::kibibytes)
        .ifPresent(bytes -> peakBytes.accumulateAndGet(bytes, Math::max));
  }

  /** So far. */
  public long peakBytes() {
    look();
    return peakBytes.get();
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
