package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.ring.RingCursor.Next;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeIndexTest {
  private static final ByteBuffer PAYLOAD = ByteBuffer.allocate(100);

  @TempDir Path folder;
  private Ring ring;
  private RingWriter writer;

  @BeforeEach
  void open() {
    ring = Ring.create(folder.resolve("ring"), TestRings.options(TestRings.MIB));
    writer = ring.writer();
  }

  @AfterEach
  void close() {
    ring.close();
  }

  private void begin(int epoch, long us) {
    writer.beginEpoch(epoch, us, TestRings.WALL_US + us);
  }

  private void append(int track, boolean isKeyframe, long us) {
    writer.append(track, isKeyframe, us, us, 20_000, TestRings.WALL_US + us + 5, PAYLOAD);
  }

  private static Optional<Long> us(Optional<KeyframeEntry> entry) {
    return entry.map(KeyframeEntry::ptsUs);
  }

  @Test
  void isEmptyAtFirst() {
    assertEquals(OptionalLong.empty(), ring.index().keyframePositionAtOrBefore(0));
    assertEquals(Optional.empty(), ring.index().firstAtOrAfter(0));
    assertEquals(Optional.empty(), ring.index().newest());
  }

  @Test
  void findsVideoKeyframesOnly() {
    begin(0, 0);
    writer.configure(TestRings.VIDEO);
    writer.configure(TestRings.AUDIO);
    for (long us = 0; us < 10_000_000; us += 40_000) {
      append(0, us % 2_000_000 == 1_000_000, us);
      append(1, true, us);
    }
    TimeIndex index = ring.index();
    assertEquals(Optional.empty(), index.atOrBefore(999_999));
    assertEquals(Optional.of(1_000_000L), us(index.atOrBefore(1_000_000)));
    assertEquals(Optional.of(1_000_000L), us(index.atOrBefore(2_999_999)));
    assertEquals(Optional.of(3_000_000L), us(index.atOrBefore(3_000_000)));
    assertEquals(Optional.of(9_000_000L), us(index.atOrBefore(Long.MAX_VALUE)));
    assertEquals(Optional.of(3_000_000L), us(index.firstAtOrAfter(1_000_001)));
    assertEquals(Optional.empty(), index.firstAtOrAfter(9_000_001));
    assertEquals(Optional.of(3_000_000L), us(index.atOrBeforeWall(TestRings.WALL_US + 3_000_005)));
    assertEquals(Optional.of(1_000_000L), us(index.atOrBeforeWall(TestRings.WALL_US + 3_000_004)));
    assertEquals(
        Optional.of(5_000_000L), us(index.firstAtOrAfterWall(TestRings.WALL_US + 3_000_006)));
  }

  @Test
  void leadsACursorToTheKeyframe() {
    begin(0, 0);
    writer.configure(TestRings.VIDEO);
    for (long us = 0; us < 4_000_000; us += 40_000) {
      append(0, us % 1_000_000 == 0, us);
    }
    try (RingCursor cursor = ring.cursor()) {
      cursor.seek(ring.index().keyframePositionAtOrBefore(2_345_678).orElseThrow());
      assertEquals(Next.EPOCH, cursor.next());
      assertEquals(Next.CONFIGURATION, cursor.next());
      assertEquals(Next.PACKET, cursor.next());
      assertEquals(2_000_000, cursor.ptsUs());
      assertTrue(cursor.isKeyframe());
    }
  }

  @Test
  void findsAnyPlaceWhereThereIsOnlyAudio() {
    begin(0, 0);
    writer.configure(TestRings.AUDIO);
    for (long us = 0; us < 3_000_000; us += 20_000) {
      append(1, true, us);
    }
    long found = ring.index().atOrBefore(1_500_000).orElseThrow().ptsUs();
    assertTrue(found <= 1_500_000 && found > 1_500_000 - TimeIndex.AUDIO_SPACING_US);
  }

  @Test
  void spansEpochsAndTheirGaps() {
    begin(0, 0);
    writer.configure(TestRings.VIDEO);
    append(0, true, 0);
    begin(3, 60_000_000);
    writer.configure(TestRings.VIDEO);
    append(0, true, 60_000_000);
    begin(4, 90_000_000);
    writer.configure(TestRings.AUDIO);
    append(1, true, 90_000_000);
    TimeIndex index = ring.index();
    assertEquals(0, index.atOrBefore(59_999_999).orElseThrow().epoch());
    assertEquals(3, index.atOrBefore(60_000_000).orElseThrow().epoch());
    assertEquals(3, index.firstAtOrAfter(1).orElseThrow().epoch());
    assertEquals(4, index.newest().orElseThrow().epoch());
    assertEquals(3, index.atOrBeforeWall(TestRings.WALL_US + 89_000_000).orElseThrow().epoch());
  }

  @Test
  void staysOrderedWhenStampsGoBack() {
    begin(0, 0);
    writer.configure(TestRings.VIDEO);
    append(0, true, 1_000_000);
    append(0, true, 500_000);
    append(0, true, 2_000_000);
    assertEquals(Optional.of(500_000L), us(ring.index().atOrBefore(1_500_000)));
    assertEquals(Optional.of(1_000_000L), us(ring.index().firstAtOrAfter(700_000)));
  }

  @Test
  void forgetsWhatIsEvicted() {
    begin(0, 0);
    writer.configure(TestRings.VIDEO);
    for (long us = 0; us < 1_000_000_000; us += 40_000) {
      append(0, us % 1_000_000 == 0, us);
    }
    KeyframeEntry oldest = ring.index().oldest().orElseThrow();
    assertTrue(oldest.position() >= ring.oldestPosition());
    assertTrue(oldest.ptsUs() - ring.held().getFirst().fromUs() < 1_000_000);
    assertEquals(Optional.empty(), ring.index().atOrBefore(oldest.ptsUs() - 1));
  }

  /** All that a stranger's publisher can make of the index: a 64th of the ring's size. */
  @Test
  void keyframesOfAFewBytesWithinAMomentAreOnePlace() {
    begin(0, 0);
    writer.configure(TestRings.VIDEO);
    writer.configure(TestRings.AUDIO);
    append(1, true, 0);
    for (long us = 1; us <= 5_000; us++) {
      append(0, true, us);
    }
    assertEquals(Optional.of(1L), us(ring.index().firstAtOrAfter(0)));
    long entries = 0;
    for (Optional<Long> at = us(ring.index().oldest());
        at.isPresent();
        at = us(ring.index().firstAtOrAfter(at.get() + 1))) {
      entries++;
    }
    long mostBytes = ring.capacityBytes();
    assertTrue(entries > 100, "entries " + entries);
    assertTrue(entries <= mostBytes / TimeIndex.ENTRY_SPACING_BYTES, "entries " + entries);
    append(0, true, 210_000);
    assertEquals(Optional.of(210_000L), us(ring.index().newest()));
  }

  @Test
  void agreesWithASortedMap() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    TimeIndex index = new TimeIndex();
    TreeMap<Long, Long> model = new TreeMap<>();
    long us = 0;
    long position = 0;
    for (int i = 0; i < 20_000; i++) {
      us += 1 + random.nextInt(1000);
      position += 8L * (1 + random.nextInt(10));
      if (random.nextInt(3) == 0) {
        index.addMark(position, us, us, us, 0);
      } else {
        index.addEntry(position, us, us, us, 0);
        model.put(us, position);
      }
      if (random.nextInt(100) == 0) {
        long before = position - random.nextInt(40_000);
        index.evictBefore(before);
        model.values().removeIf(each -> each < before);
      }
      long asked = us - random.nextInt(500_000);
      assertEquals(
          Optional.ofNullable(model.floorEntry(asked)).map(Map.Entry::getKey),
          us(index.atOrBefore(asked)));
      assertEquals(
          Optional.ofNullable(model.ceilingEntry(asked)).map(Map.Entry::getKey),
          us(index.firstAtOrAfter(asked)));
    }
  }
}
