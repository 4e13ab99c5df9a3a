package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.media.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test cards divided while they are published, judged by what they show when put together. */
class LiveSegmentsTest {
  private static final long LENGTH_US = 9_000_000;
  private static final long MAX_SKEW_US = 5_000;

  @TempDir Path folder;

  private PublishedCard publish(TestCard card, long ringBytes) {
    return new PublishedCard(folder.resolve("ring"), card, LENGTH_US, ringBytes);
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(60).bFrames(2);
  }

  /** Looks again and again while the stream goes on; what there is at last. */
  private static LiveListing follow(PublishedCard published, LiveSegments segments) {
    LiveListing listing = segments.look(false);
    for (long nowUs = 100_000; nowUs <= LENGTH_US + 200_000; nowUs += 70_000) {
      published.appendUntil(nowUs);
      LiveListing next = segments.look(false);
      for (int part = 0; part < listing.openParts(); part++) {
        assertTrue(next.has(listing.nextNumber(), part), "only grows");
      }
      listing = next;
    }
    return segments.look(true);
  }

  private static byte[] bytesOf(LiveSegments segments, long number, int part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ClipBytes bytes = segments.bytes(number, part).orElseThrow()) {
      ByteBuffer helping = ByteBuffer.allocate(10_000);
      while (bytes.read(helping) == ClipBytes.Next.BYTES) {
        out.write(helping.array(), 0, helping.position());
        helping.clear();
      }
    }
    return out.toByteArray();
  }

  private Path joined(LiveSegments segments, List<LiveSegment> some) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer header = segments.header(some.getFirst().header()).orElseThrow();
    byte[] head = new byte[header.remaining()];
    header.get(head);
    out.write(head);
    for (LiveSegment segment : some) {
      out.write(bytesOf(segments, segment.number(), -1));
    }
    return Files.write(folder.resolve("joined.mp4"), out.toByteArray());
  }

  @Test
  void everyPictureAndSampleOfTheStreamIsInItsSegments() throws IOException {
    try (PublishedCard published = publish(card().build(), 64 << 20);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      LiveListing listing = follow(published, segments);
      assertTrue(listing.open().isEmpty());
      assertEquals(5, listing.segments().size());
      assertEquals(
          List.of(0L, 2_000_000L, 4_000_000L, 6_000_000L, 8_000_000L),
          listing.segments().stream()
              .map(segment -> segment.startUs() - listing.segments().getFirst().startUs())
              .toList());
      Verdict verdict = TestCardJudge.judge(joined(segments, listing.segments()));
      assertEquals(List.of(), verdict.faults(MAX_SKEW_US));
      assertEquals(270, verdict.pictures().orElseThrow().presentedFrames());
      assertEquals(0, verdict.pictures().orElseThrow().firstFrame());
    }
  }

  @Test
  void partsAreShortAndMakeUpTheirSegment() {
    try (PublishedCard published = publish(card().build(), 64 << 20);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      LiveListing listing = follow(published, segments);
      LiveSegment second = listing.segments().get(1);
      assertEquals(7, second.parts().size());
      assertTrue(second.parts().getFirst().isIndependent());
      assertFalse(second.parts().get(1).isIndependent());
      assertEquals(2_000_000, second.lengthUs());
      for (LivePart part : second.parts().subList(0, 6)) {
        assertTrue(Math.abs(part.lengthUs() - 300_000) <= 1, part::toString);
      }
      ByteArrayOutputStream together = new ByteArrayOutputStream();
      for (int part = 0; part < second.parts().size(); part++) {
        together.writeBytes(bytesOf(segments, second.number(), part));
      }
      assertArrayEquals(bytesOf(segments, second.number(), -1), together.toByteArray());
      assertTrue(segments.bytes(second.number(), 7).isEmpty());
    }
  }

  @Test
  void whoComesLaterIsGivenTheSameSegmentsUnderNumbersThatDoNotGoBack() throws IOException {
    try (PublishedCard published = publish(card().build(), 64 << 20);
        LiveSegments early = LiveSegments.open(published.ring())) {
      LiveListing followed = follow(published, early);
      try (LiveSegments late = LiveSegments.open(published.ring())) {
        LiveListing listing = late.look(true);
        assertEquals(
            followed.segments().stream().map(LiveSegment::lengthUs).toList(),
            listing.segments().stream().map(LiveSegment::lengthUs).toList());
        assertEquals(0, listing.segments().getFirst().number());
        Verdict verdict = TestCardJudge.judge(joined(late, listing.segments().subList(1, 3)));
        assertEquals(60, verdict.pictures().orElseThrow().firstFrame());
        assertEquals(120, verdict.pictures().orElseThrow().presentedFrames());
      }
    }
  }

  @Test
  void aNewEpochIsADiscontinuityWithAHeaderOfItsOwn() {
    try (PublishedCard published = publish(card().build(), 64 << 20);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      published.appendUntil(3_000_000);
      LiveListing before = segments.look(false);
      assertTrue(before.open().isPresent());
      published.beginEpoch(1, 3_000_000);
      published.appendUntil(7_000_000);
      LiveListing after = segments.look(true);
      List<Boolean> discontinuous =
          after.segments().stream().map(LiveSegment::isDiscontinuous).toList();
      assertEquals(List.of(false, false, true, false), discontinuous);
      assertNotEquals(after.segments().get(1).header(), after.segments().get(2).header());
      assertTrue(segments.header(after.segments().get(2).header()).isPresent());
      // Between the reconnect and its first keyframe nothing can be decoded.
      long againUs = after.segments().get(2).startUs();
      assertTrue(Math.abs(againUs - 4_000_000) <= 100_000, () -> "at " + againUs);
    }
  }

  @Test
  void soundAloneIsDividedToo() throws IOException {
    TestCard card = TestCard.builder().noVideo().audio(Codec.AAC).build();
    try (PublishedCard published = publish(card, 16 << 20);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      LiveListing listing = follow(published, segments);
      assertTrue(listing.segments().size() >= 4, listing::toString);
      assertTrue(
          listing.segments().stream()
              .flatMap(segment -> segment.parts().stream())
              .allMatch(part -> part.isIndependent() && part.lengthUs() <= LiveSegments.PART_US));
      assertEquals(List.of(), TestCardJudge.judge(joined(segments, listing.segments())).faults());
    }
  }

  @Test
  void longGroupsOfPicturesAreCutWithinThem() {
    try (PublishedCard published = publish(card().gop(300).build(), 64 << 20);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      LiveListing listing = follow(published, segments);
      assertTrue(
          listing.segments().stream()
              .allMatch(segment -> segment.lengthUs() <= LiveSegments.TARGET_S * 1_000_000L));
      assertFalse(listing.segments().get(1).parts().getFirst().isIndependent());
    }
  }

  @Test
  void whatTheRingDropsIsListedNoMore() {
    try (PublishedCard published = publish(card().build(), 512 << 10);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      LiveListing listing = follow(published, segments);
      assertTrue(listing.segments().getFirst().number() > 0, listing::toString);
      assertTrue(segments.bytes(0, -1).isEmpty());
      assertTrue(bytesOf(segments, listing.segments().getFirst().number(), -1).length > 1_000);
    }
  }

  @Test
  void whatWasLostIsADiscontinuity() {
    try (PublishedCard published = publish(card().build(), 256 << 10);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      published.appendUntil(1_000_000);
      assertTrue(segments.look(false).open().isPresent());
      published.appendUntil(LENGTH_US);
      LiveListing listing = segments.look(true);
      assertTrue(listing.segments().getFirst().isDiscontinuous(), listing::toString);
      assertTrue(bytesOf(segments, listing.segments().getFirst().number(), -1).length > 1_000);
    }
  }

  @Test
  void soundIsGivenAsItComesWhileThereAreNoPictures() {
    try (PublishedCard published = publish(card().build(), 64 << 20);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      published.appendUntil(2_500_000);
      published.appendSoundUntil(6_000_000);
      LiveListing silent = segments.look(false);
      assertEquals(1, silent.segments().size());
      List<LivePart> parts = silent.open().orElseThrow().parts();
      assertTrue(parts.size() > 8, parts::toString);
      assertTrue(silent.open().orElseThrow().lengthUs() > 3_500_000, silent::toString);
      published.appendUntil(LENGTH_US);
      LiveListing listing = segments.look(true);
      assertTrue(
          listing.segments().stream()
              .allMatch(
                  segment ->
                      segment.lengthUs() > 100_000
                          && segment.lengthUs() <= LiveSegments.TARGET_S * 1_000_000L),
          listing::toString);
      assertEquals(
          List.of(false, false, true),
          listing.segments().subList(0, 3).stream().map(LiveSegment::isDiscontinuous).toList());
    }
  }

  @Test
  void vp8HasNoPlaceInMp4ButItsSoundHas() {
    TestCard card = card().video(Codec.VP8).bFrames(0).audio(Codec.OPUS).build();
    try (PublishedCard published = publish(card, 64 << 20);
        LiveSegments segments = LiveSegments.open(published.ring())) {
      LiveListing listing = follow(published, segments);
      assertTrue(segments.hasPlayableTracks());
      assertTrue(listing.segments().getFirst().parts().getFirst().isIndependent());
    }
  }
}
