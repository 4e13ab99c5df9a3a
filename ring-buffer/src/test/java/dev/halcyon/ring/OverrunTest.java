package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.ring.RingCursor.Next;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverrunTest {
  private static final int READERS = 3;
  private static final int LARGEST_BYTES = 12_000;

  @TempDir Path folder;

  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicLong overtaken = new AtomicLong();
  private final AtomicLong rightReads = new AtomicLong();

  private static int length(long number) {
    return (int) (8 + number * 1_237 % (LARGEST_BYTES - 8));
  }

  /** Appends as fast as it can; every byte of a payload follows from its number. */
  private long write(RingWriter writer) {
    ByteBuffer payload = ByteBuffer.allocateDirect(LARGEST_BYTES);
    long number = 0;
    while (!isOver.get()) {
      fill(payload.clear().limit(length(number)), number);
      TestRings.appendPicture(writer, number, 10, payload);
      number++;
    }
    return number;
  }

  private static void fill(ByteBuffer payload, long number) {
    payload.putLong(0, number);
    for (int i = 8; i < payload.limit(); i++) {
      payload.put(i, (byte) number);
    }
  }

  /** Goes back to the tail again and again, where the writer is about to store. */
  private Void read(Ring ring) {
    ByteBuffer target = ByteBuffer.allocateDirect(LARGEST_BYTES);
    try (RingCursor cursor = ring.cursor()) {
      while (!isOver.get()) {
        Next next = cursor.next();
        if (next == Next.NOTHING_YET || cursor.seq() % 5 == 0) {
          cursor.seek(ring.oldestPosition());
        }
        if (next != Next.PACKET) {
          continue;
        }
        long number = cursor.ptsUs() / 40_000;
        if (cursor.copyPayload(target.clear())) {
          assertRight(target.flip(), number);
          rightReads.incrementAndGet();
        } else {
          overtaken.incrementAndGet();
        }
      }
    }
    return null;
  }

  private static void assertRight(ByteBuffer target, long number) {
    assertEquals(length(number), target.limit());
    assertEquals(number, target.getLong(0));
    for (int i = 8; i < target.limit(); i++) {
      if (target.get(i) != (byte) number) {
        throw new AssertionError("torn at " + i + " of packet " + number);
      }
    }
  }

  @Test
  void noOvertakenReadIsEverValidated() throws Exception {
    try (Ring ring = Ring.create(folder.resolve("ring"), TestRings.options(64 << 10));
        RingWriter writer = TestRings.begun(ring);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> running = new ArrayList<>();
      running.add(threads.submit(() -> write(writer)));
      for (int i = 0; i < READERS; i++) {
        running.add(threads.submit((Callable<Void>) () -> read(ring)));
      }
      letRun(running);
    }
    System.out.println("right " + rightReads + ", overtaken " + overtaken);
    assertTrue(overtaken.get() > 0, "nobody was overtaken: the test shows nothing");
    assertTrue(rightReads.get() > 0, "nothing was read");
  }

  /** Until enough has happened or one of them fails; then ends them all. */
  private void letRun(List<Future<?>> running) throws Exception {
    long startNs = System.nanoTime();
    try {
      while (isHostileEnough(System.nanoTime() - startNs)
          && running.stream().noneMatch(Future::isDone)) {
        LockSupport.parkNanos(1_000_000);
      }
    } finally {
      isOver.set(true);
    }
    for (Future<?> each : running) {
      each.get(20, TimeUnit.SECONDS);
    }
  }

  private boolean isHostileEnough(long sinceNs) {
    boolean isBrief = sinceNs < TimeUnit.SECONDS.toNanos(3);
    boolean hasShown = overtaken.get() > 100 && rightReads.get() > 1000;
    return isBrief || (!hasShown && sinceNs < TimeUnit.SECONDS.toNanos(20));
  }

  @Test
  void closingUnderReadersAndTheWriterIsSafe() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int round = 0; round < 30; round++) {
        closeInFullSwing(threads, folder.resolve("ring" + round));
      }
    }
  }

  @Test
  void closingWakesAReaderThatWaits() throws Exception {
    Ring ring = Ring.create(folder.resolve("ring"), TestRings.options(64 << 10));
    RingCursor cursor = ring.cursor();
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread reader =
        Thread.ofPlatform().start(() -> answer.complete(cursor.await(TimeUnit.DAYS.toNanos(1))));
    long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < TimeUnit.MILLISECONDS.toNanos(50)
        || reader.getState() != Thread.State.TIMED_WAITING) {
      LockSupport.parkNanos(1_000_000); // until it sleeps in full, not only its first moment
    }
    ring.close();
    assertTrue(answer.get(20, TimeUnit.SECONDS));
    assertEquals(Next.CLOSED, cursor.next());
    cursor.close();
  }

  private void closeInFullSwing(ExecutorService threads, Path path) throws Exception {
    AtomicLong seen = new AtomicLong();
    List<Future<Next>> reading = new ArrayList<>();
    Future<Long> writing;
    Ring ring = Ring.create(path, TestRings.options(64 << 10));
    try (ring) {
      RingWriter writer = TestRings.begun(ring);
      writing = threads.submit(() -> write(writer));
      for (int i = 0; i < 2; i++) {
        RingCursor cursor = ring.cursor();
        reading.add(threads.submit(() -> readUntilClosed(cursor, seen)));
      }
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (seen.get() < 50 && System.nanoTime() < deadlineNs) {
        LockSupport.parkNanos(1_000_000);
      }
    }
    for (Future<Next> each : reading) {
      assertEquals(Next.CLOSED, each.get(20, TimeUnit.SECONDS));
    }
    ExecutionException stopped =
        assertThrows(ExecutionException.class, () -> writing.get(20, TimeUnit.SECONDS));
    assertEquals(IllegalStateException.class, stopped.getCause().getClass());
    assertThrows(IllegalStateException.class, ring::cursor);
    ring.close();
  }

  private static Next readUntilClosed(RingCursor cursor, AtomicLong seen) {
    ByteBuffer target = ByteBuffer.allocate(LARGEST_BYTES);
    try (cursor) {
      while (true) {
        Next next = cursor.next();
        switch (next) {
          case PACKET -> {
            cursor.copyPayload(target.clear());
            seen.incrementAndGet();
          }
          case NOTHING_YET -> cursor.await(1_000_000_000L);
          case CLOSED -> {
            return next;
          }
          default -> {}
        }
      }
    }
  }
}
