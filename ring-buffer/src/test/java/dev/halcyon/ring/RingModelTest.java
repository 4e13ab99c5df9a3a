package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.RingCursor.Next;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random appends, reads, seeks, leases, epochs, resizes, full disks, kills and reopenings against
 * {@link RingModel}. {@code -Dhalcyon.ring.model.rounds=N} for a long run, {@code
 * -Dhalcyon.ring.model.seed=N} to repeat one.
 */
class RingModelTest {
  static final long LARGEST_CAPACITY = 512 << 10;
  static final int LARGEST_PAYLOAD = 9_000;
  private static final int ROUNDS = Integer.getInteger("halcyon.ring.model.rounds", 24);
  private static final int STEPS = 8_000;

  @TempDir Path folder;

  /** A cursor and the index of the packet that it should give next; −1 when it may be any. */
  private static final class Follower {
    final RingCursor cursor;
    int expected = -1;

    Follower(RingCursor cursor) {
      this.cursor = cursor;
    }
  }

  private record Granted(Lease lease, boolean isOver) {}

  private final List<Follower> followers = new ArrayList<>();
  private final List<Granted> leases = new ArrayList<>();
  private RingModel model;
  private Random random;
  private Path path;
  private long capacityUs;
  private long spaceBytes;
  private Ring ring;
  private RingWriter writer;
  private long dtsUs;
  private long overruns;
  private long revoked;
  private long resized;

  @Test
  void doesWhatTheModelDoes() throws Exception {
    long seed = Long.getLong("halcyon.ring.model.seed", System.nanoTime());
    System.out.println("seed " + seed + ", rounds " + ROUNDS + " of " + STEPS);
    for (int round = 0; round < ROUNDS; round++) {
      random = new Random(seed + round);
      try {
        play(round);
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("-Dhalcyon.ring.model.seed=" + (seed + round), failure);
      }
    }
    System.out.println("overruns " + overruns + ", revoked " + revoked + ", resized " + resized);
    assertTrue(overruns > 0, "nobody was overrun");
    assertTrue(revoked > 0, "no lease was revoked");
    assertTrue(resized > 0, "no ring was resized");
  }

  private void play(int round) throws Exception {
    path = folder.resolve("ring" + round);
    model = new RingModel();
    followers.clear();
    leases.clear();
    writer = null;
    dtsUs = 0;
    spaceBytes = Long.MAX_VALUE;
    RingOptions options = someOptions();
    ring = Ring.create(path, options);
    begin();
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(800)) {
        case 0 -> reopen();
        case 1 -> dieAndReopenACopy();
        case 2, 3 -> begin();
        case 4, 5, 6, 7, 8 -> addFollower();
        case 9, 10, 11, 12, 13, 14, 15, 16 -> seekSomewhere();
        case 17, 18, 19, 20 -> resize();
        case 21, 22, 23, 24, 25, 26 -> lease();
        case 27, 28, 29 -> giveUpALease();
        case 30 -> spaceBytes = random.nextBoolean() ? Long.MAX_VALUE : someCapacity();
        default -> appendOrRead();
      }
    }
    model.assertHolds(ring);
    ring.close();
    Files.delete(path);
  }

  private static long pages(int count) {
    return count * (long) RingLayout.PAGE_BYTES;
  }

  private long someCapacity() {
    return pages(16 + random.nextInt(random.nextBoolean() ? 20 : 112));
  }

  private RingOptions someOptions() {
    capacityUs =
        random.nextInt(3) == 0 ? 100_000_000L + random.nextInt(900_000_000) : Long.MAX_VALUE / 4;
    return new RingOptions(someCapacity(), capacityUs)
        .withAllocation(
            64 << 10,
            (file, offsetBytes, lengthBytes) -> {
              if (offsetBytes + lengthBytes > spaceBytes) {
                throw new IOException("no space left");
              }
            });
  }

  private void begin() {
    if (writer == null) {
      writer = ring.writer();
    }
    long least = leastCapacity();
    writer.beginEpoch(ring.lastEpoch() + 1, dtsUs, TestRings.WALL_US + dtsUs);
    writer.configure(TestRings.VIDEO);
    writer.configure(TestRings.AUDIO);
    model.onOther(ring, Math.min(least, leastCapacity()));
    lookAtLeases(Math.min(least, leastCapacity()));
  }

  private void addFollower() {
    if (followers.size() < 6) {
      followers.add(new Follower(ring.cursor()));
    } else {
      Follower left = followers.remove(random.nextInt(followers.size()));
      left.cursor.close();
    }
  }

  private void appendOrRead() {
    if (followers.isEmpty() || random.nextInt(3) == 0) {
      append();
    } else {
      read(followers.get(random.nextInt(followers.size())));
    }
  }

  private long leastCapacity() {
    return Math.min(ring.capacityBytes(), ring.stats().targetCapacityBytes());
  }

  private void append() {
    dtsUs += random.nextInt(1_000_000);
    int length = random.nextInt(20) == 0 ? random.nextInt(LARGEST_PAYLOAD) : random.nextInt(500);
    long least = leastCapacity();
    boolean isKeyframe = random.nextInt(10) == 0;
    int track = random.nextInt(2);
    long ptsUs = dtsUs + random.nextInt(100_000);
    long arrivalUs = random.nextLong();
    writer.append(
        track,
        isKeyframe,
        ptsUs,
        dtsUs,
        random.nextInt(50_000),
        arrivalUs,
        model.payload(model.count(), length));
    model.onAppended(
        ring,
        new RingModel.Packet(
            ring.committedPosition() - RingLayout.recordBytes(length),
            ring.lastEpoch(),
            track,
            isKeyframe,
            ptsUs,
            dtsUs,
            arrivalUs,
            length),
        Math.min(least, leastCapacity()),
        capacityUs);
    lookAtLeases(Math.min(least, leastCapacity()));
  }

  private void lookAtLeases(long leastCapacity) {
    leases.forEach(each -> model.assertEnded(each.lease(), ring, leastCapacity, each.isOver()));
    int before = leases.size();
    leases.removeIf(each -> each.lease().state() == Lease.State.REVOKED);
    revoked += before - leases.size();
    leases.removeIf(each -> each.lease().state() == Lease.State.EXPIRED);
  }

  private void read(Follower follower) {
    Next next = follower.cursor.next();
    switch (next) {
      case PACKET -> {
        assertTrue(follower.cursor.position() >= ring.oldestPosition());
        follower.expected = model.assertGave(follower.cursor, follower.expected) + 1;
      }
      case OVERRUN -> {
        overruns++;
        assertTrue(follower.cursor.missedBytes() > 0);
        follower.expected = -1;
      }
      case NOTHING_YET -> assertTrue(follower.expected < 0 || follower.expected == model.count());
      case EPOCH, CONFIGURATION -> {}
      case CLOSED -> throw new AssertionError("closed");
    }
  }

  private void seekSomewhere() {
    if (followers.isEmpty()) {
      return;
    }
    Follower follower = followers.get(random.nextInt(followers.size()));
    long us = dtsUs - random.nextInt(10_000_000);
    ring.index()
        .atOrBefore(us)
        .ifPresent(
            entry -> {
              follower.cursor.seek(entry.position());
              follower.expected = -1;
              assertTrue(entry.ptsUs() <= us);
            });
  }

  private void resize() {
    long wanted =
        random.nextInt(5) == 0
            ? Math.max(RingOptions.MIN_CAPACITY_BYTES, ring.capacityBytes())
            : someCapacity();
    long before = ring.stats().targetCapacityBytes();
    long us = random.nextInt(3) == 0 ? 50_000_000L + random.nextInt(900_000_000) : capacityUs;
    try {
      ring.resize(wanted, us);
      capacityUs = us;
      resized++;
    } catch (HalcyonException full) {
      assertEquals(ErrorCode.INSUFFICIENT_STORAGE, full.code());
      assertTrue(spaceBytes < Long.MAX_VALUE);
      assertEquals(before, ring.stats().targetCapacityBytes());
    }
  }

  private void lease() {
    if (leases.size() >= 20) {
      return;
    }
    long from = ring.oldestPosition();
    if (random.nextInt(4) == 0) {
      from =
          ring.index()
              .atOrBefore(dtsUs - random.nextInt(50_000_000))
              .map(KeyframeEntry::position)
              .orElse(from);
    }
    boolean isOver = random.nextInt(10) == 0;
    long deadlineNs = System.nanoTime() + (isOver ? 0 : TimeUnit.HOURS.toNanos(1));
    leases.add(new Granted(ring.lease(from, deadlineNs), isOver));
  }

  private void giveUpALease() {
    if (!leases.isEmpty()) {
      leases.remove(random.nextInt(leases.size())).lease().close();
    }
  }

  private void reopen() {
    long oldest = ring.oldestPosition();
    long committed = ring.committedPosition();
    List<HeldRange> held = ring.held();
    ring.close();
    writer = null;
    followers.forEach(each -> assertEquals(Next.CLOSED, each.cursor.next()));
    followers.clear();
    leases.forEach(each -> assertTrue(each.lease().state() != Lease.State.HELD));
    leases.clear();
    spaceBytes = Long.MAX_VALUE;
    ring = Ring.open(path, someOptions());
    assertTrue(ring.recovery().isWhole(), ring.recovery().toString());
    assertEquals(oldest, ring.oldestPosition());
    assertEquals(committed, ring.committedPosition());
    assertEquals(held.size(), ring.held().size());
    begin();
  }

  /** What another process would find if this one were killed now. */
  private void dieAndReopenACopy() throws IOException {
    Path copy = folder.resolve("copy");
    Files.copy(path, copy);
    long us = capacityUs;
    long space = spaceBytes;
    spaceBytes = Long.MAX_VALUE;
    try (Ring found = Ring.open(copy, someOptions())) {
      assertTrue(found.recovery().isWhole(), found.recovery().toString());
      assertEquals(ring.oldestPosition(), found.oldestPosition());
      model.assertHolds(found);
    } finally {
      capacityUs = us;
      spaceBytes = space;
      Files.delete(copy);
    }
  }
}
