package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.ring.RingCursor.Next;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random appends, reads, seeks, epochs and reopenings against a list of all that was appended. */
class RingModelTest {
  private static final int ROUNDS = 12;
  private static final int STEPS = 8_000;
  private static final int LARGEST_BYTES = 9_000;

  @TempDir Path folder;

  /** A packet as the model knows it. */
  private record Packet(
      int epoch,
      int track,
      boolean isKeyframe,
      long ptsUs,
      long dtsUs,
      long arrivalUs,
      int length) {}

  /** A cursor and the index of the packet that it should give next; −1 when it may be any. */
  private static final class Follower {
    RingCursor cursor;
    int expected = -1;
  }

  private final List<Packet> appended = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();
  private final ByteBuffer target = ByteBuffer.allocate(LARGEST_BYTES);
  private Random random;
  private Path path;
  private RingOptions options;
  private Ring ring;
  private RingWriter writer;
  private long dtsUs;
  private long overruns;

  @Test
  void doesWhatTheModelDoes() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    for (int round = 0; round < ROUNDS; round++) {
      random = new Random(seed + round);
      play(round);
    }
    assertTrue(overruns > 0, "nobody was overrun");
  }

  private void play(int round) throws Exception {
    path = folder.resolve("ring" + round);
    options =
        new RingOptions(
                (16 + random.nextInt(60)) * 4096L,
                random.nextBoolean() ? 500_000_000 : TestRings.HOUR_US)
            .withAllocation(64 << 10, (file, offsetBytes, lengthBytes) -> {});
    ring = Ring.create(path, options);
    writer = null;
    appended.clear();
    followers.clear();
    dtsUs = 0;
    begin();
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(400)) {
        case 0 -> reopen();
        case 1, 2 -> begin();
        case 3, 4 -> addFollower();
        case 5, 6, 7, 8 -> seekSomewhere();
        default -> appendOrRead();
      }
    }
    ring.close();
    Files.delete(path);
  }

  private void begin() {
    if (writer == null) {
      writer = ring.writer();
    }
    writer.beginEpoch(ring.lastEpoch() + 1, dtsUs, TestRings.WALL_US + dtsUs);
    writer.configure(TestRings.VIDEO);
    writer.configure(TestRings.AUDIO);
  }

  private void addFollower() {
    if (followers.size() < 6) {
      Follower follower = new Follower();
      follower.cursor = ring.cursor();
      followers.add(follower);
    }
  }

  private void appendOrRead() {
    if (followers.isEmpty() || random.nextInt(3) == 0) {
      append();
    } else {
      read(followers.get(random.nextInt(followers.size())));
    }
  }

  private void append() {
    dtsUs += random.nextInt(1_000_000);
    int length = random.nextInt(20) == 0 ? random.nextInt(LARGEST_BYTES) : random.nextInt(500);
    Packet packet =
        new Packet(
            ring.lastEpoch(),
            random.nextInt(2),
            random.nextInt(10) == 0,
            dtsUs + random.nextInt(100_000),
            dtsUs,
            random.nextLong(),
            length);
    writer.append(
        packet.track(),
        packet.isKeyframe(),
        packet.ptsUs(),
        packet.dtsUs(),
        random.nextInt(50_000),
        packet.arrivalUs(),
        TestRings.payload(appended.size(), length));
    appended.add(packet);
  }

  private void read(Follower follower) {
    Next next = follower.cursor.next();
    switch (next) {
      case PACKET -> assertPacket(follower);
      case OVERRUN -> {
        overruns++;
        assertTrue(follower.cursor.missedBytes() > 0);
        follower.expected = -1;
      }
      case NOTHING_YET -> assertTrue(follower.expected < 0 || follower.expected == appended.size());
      case EPOCH, CONFIGURATION -> {}
      case CLOSED -> throw new AssertionError("closed");
    }
  }

  private void assertPacket(Follower follower) {
    RingCursor cursor = follower.cursor;
    int index = follower.expected >= 0 ? follower.expected : indexOf(cursor);
    Packet packet = appended.get(index);
    Packet found =
        new Packet(
            cursor.epoch(),
            cursor.track(),
            cursor.isKeyframe(),
            cursor.ptsUs(),
            cursor.dtsUs(),
            cursor.arrivalUs(),
            cursor.payloadLength());
    assertEquals(packet, found);
    assertEquals(
        packet.track() == 0 ? TestRings.VIDEO : TestRings.AUDIO, cursor.trackConfiguration());
    assertTrue(cursor.position() >= ring.oldestPosition());
    assertTrue(cursor.copyPayload(target.clear()));
    assertEquals(TestRings.payload(index, packet.length()), target.flip());
    follower.expected = index + 1;
  }

  /** The arrival stamps are random: one packet has this one. */
  private int indexOf(RingCursor cursor) {
    for (int index = appended.size() - 1; index >= 0; index--) {
      if (appended.get(index).arrivalUs() == cursor.arrivalUs()) {
        return index;
      }
    }
    throw new AssertionError("a packet that was never appended");
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

  private void reopen() {
    long oldest = ring.oldestPosition();
    long committed = ring.committedPosition();
    List<HeldRange> held = ring.held();
    ring.close();
    writer = null;
    followers.forEach(each -> assertEquals(Next.CLOSED, each.cursor.next()));
    followers.clear();
    ring = Ring.open(path, options);
    assertTrue(ring.recovery().isWhole(), ring.recovery().toString());
    assertEquals(oldest, ring.oldestPosition());
    assertEquals(committed, ring.committedPosition());
    assertEquals(held.size(), ring.held().size());
    begin();
  }
}
