package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForceTest {
  private static final long CAPACITY = 64 << 10;
  private static final Stretch HEADER = new Stretch(0, RingLayout.HEADER_BYTES);

  @TempDir Path folder;

  /** Of the file. */
  private record Stretch(long from, long to) {}

  private final List<Stretch> forced = new ArrayList<>();
  private final List<Stretch> renewed = new ArrayList<>();
  private boolean isBroken;
  private Ring ring;
  private RingWriter writer;
  private RingForce force;
  private long number;

  @BeforeEach
  void create() {
    ring = Ring.create(folder.resolve("ring"), TestRings.options(CAPACITY));
    force =
        ring.newForce(
            new RingForce.Disk() {
              @Override
              public void force(Mapping mapping, long fileOffset, long length) {
                onForce(mapping, fileOffset, length);
              }

              @Override
              public void renew(Mapping mapping, long fileOffset, long length) {
                RingForce.Disk.super.renew(mapping, fileOffset, length);
                renewed.add(new Stretch(fileOffset, fileOffset + length));
              }
            });
    writer = TestRings.begun(ring);
  }

  @AfterEach
  void close() {
    ring.close();
  }

  private void onForce(Mapping mapping, long fileOffset, long length) {
    if (isBroken) {
      throw new UncheckedIOException(new IOException("Input/output error"));
    }
    assertTrue(fileOffset + length <= mapping.byteSize());
    forced.add(new Stretch(fileOffset, fileOffset + length));
  }

  private void append(int packets) {
    for (int i = 0; i < packets; i++) {
      TestRings.appendPicture(writer, number, 10, TestRings.payload(number, 936));
      number++;
    }
  }

  private List<Stretch> run() {
    forced.clear();
    force.run();
    return List.copyOf(forced);
  }

  private static long at(long position) {
    return RingLayout.HEADER_BYTES + position % CAPACITY;
  }

  @Test
  void whatIsNewGoesFirstAndTheHeaderLast() {
    append(5);
    long first = ring.committedPosition();
    assertEquals(List.of(new Stretch(at(0), at(first)), HEADER), run());
    assertEquals(first, force.forcedPosition());
    append(3);
    assertEquals(List.of(new Stretch(at(first), at(ring.committedPosition())), HEADER), run());
  }

  @Test
  void nothingNewCostsNothing() {
    append(5);
    run();
    assertEquals(List.of(), run());
    assertEquals(0, force.lagNs());
    append(1);
    assertTrue(force.lagNs() > 0);
  }

  @Test
  void theEndOfALapMakesTwoStretches() {
    append(60);
    run();
    long before = force.forcedPosition();
    append(10);
    long head = ring.committedPosition();
    assertTrue(head > CAPACITY && before < CAPACITY);
    assertEquals(
        List.of(
            new Stretch(at(before), RingLayout.HEADER_BYTES + CAPACITY),
            new Stretch(RingLayout.HEADER_BYTES, at(head)),
            HEADER),
        run());
  }

  @Test
  void neverMoreThanALap() {
    append(1000);
    List<Stretch> stretches = run();
    assertEquals(
        CAPACITY + RingLayout.HEADER_BYTES,
        stretches.stream().mapToLong(each -> each.to() - each.from()).sum());
    assertEquals(HEADER, stretches.getLast());
  }

  @Test
  void followsAResize() {
    append(100);
    run();
    ring.resize(4 * CAPACITY, TestRings.HOUR_US);
    append(200);
    assertEquals(4 * CAPACITY, ring.capacityBytes());
    long head = ring.committedPosition();
    run();
    assertEquals(head, force.forcedPosition());
    assertEquals(HEADER, forced.getLast());
  }

  @Test
  void aFailureIsCountedAndWhatItLeftIsForcedNextTime() {
    append(5);
    isBroken = true;
    assertEquals(List.of(), run());
    assertEquals(1, force.failures());
    assertEquals(0, force.forcedPosition());
    append(1);
    isBroken = false;
    assertEquals(List.of(new Stretch(at(0), at(ring.committedPosition())), HEADER), run());
    assertEquals(1, force.failures());
  }

  @Test
  void whatAFailureLeftIsMadeDirtyAgainFirst() {
    append(5);
    isBroken = true;
    run();
    assertEquals(List.of(), renewed);
    isBroken = false;
    List<Stretch> again = run();
    assertEquals(again, renewed);
    assertEquals(List.of(new Stretch(at(0), at(ring.committedPosition())), HEADER), again);
    renewed.clear();
    append(1);
    run();
    assertEquals(List.of(), renewed, "only once");
    try (RingCursor cursor = ring.cursor()) {
      RingCursor.Next next = cursor.next();
      while (next != RingCursor.Next.PACKET) {
        next = cursor.next();
      }
      assertTrue(cursor.copyPayload(ByteBuffer.allocate(936)), "no byte has changed");
    }
  }

  @Test
  void runsByItselfAndOnceMoreAtTheEnd() {
    Path path = folder.resolve("forced");
    try (Ring safe = Ring.create(path, TestRings.options(CAPACITY).withForceEvery(10))) {
      RingWriter appending = TestRings.begun(safe);
      for (int i = 0; i < 100; i++) {
        TestRings.appendPicture(appending, i, 10, TestRings.payload(i, 936));
      }
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (safe.stats().forceLagNs() > 0 && System.nanoTime() < deadlineNs) {
        LockSupport.parkNanos(1_000_000);
      }
      assertEquals(0, safe.stats().forceLagNs());
      assertEquals(0, safe.stats().forceFailures());
    }
    append(5);
    force.close();
    assertEquals(ring.committedPosition(), force.forcedPosition());
    forced.clear();
    append(1);
    force.run();
    assertEquals(List.of(), forced);
  }
}
