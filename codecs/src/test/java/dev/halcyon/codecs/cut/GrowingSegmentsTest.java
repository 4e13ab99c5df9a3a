package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test cards in segments, judged by what they show and sound when they are put together. */
class GrowingSegmentsTest {
  private static final long LENGTH_US = 12_000_000;
  private static final long MAX_SKEW_US = 5_000;
  private static final long FROM_US = 2_700_000;

  @TempDir Path folder;

  private PublishedCard publish(TestCard card, long ringBytes) {
    return new PublishedCard(folder.resolve("ring"), card, LENGTH_US, ringBytes);
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(60).bFrames(2);
  }

  private static GrowingSegments open(PublishedCard published, OpenWindow window) {
    CutRequest request = new CutRequest(FROM_US, window.toUs, CutRequest.Outside.CLAMP);
    return GrowingSegments.open(published.ring(), request, window).orElseThrow();
  }

  private static byte[] bytesOf(GrowingSegments segments, int number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ClipBytes bytes = segments.segment(number).orElseThrow()) {
      ByteBuffer helping = ByteBuffer.allocate(10_000);
      while (bytes.read(helping) == ClipBytes.Next.BYTES) {
        out.write(helping.array(), 0, helping.position());
        helping.clear();
      }
    }
    return out.toByteArray();
  }

  private Path joined(GrowingSegments segments, int first, int end) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer header = segments.header();
    byte[] head = new byte[header.remaining()];
    header.get(head);
    out.write(head);
    for (int number = first; number < end; number++) {
      out.write(bytesOf(segments, number));
    }
    return Files.write(folder.resolve("joined.mp4"), out.toByteArray());
  }

  /** Looks again and again while the stream goes on; what there is at last. */
  private static GrowingSegments.Listing follow(
      PublishedCard published, GrowingSegments segments, OpenWindow window) {
    GrowingSegments.Listing listing = segments.look();
    for (long nowUs = FROM_US + 500_000; !listing.hasEnded(); nowUs += 130_000) {
      published.appendUntil(nowUs);
      window.hasClosed = nowUs > window.toUs + 100_000;
      GrowingSegments.Listing next = segments.look();
      int known = listing.lengthsUs().size();
      assertEquals(listing.lengthsUs(), next.lengthsUs().subList(0, known), "only grows");
      assertEquals(listing.startUs(), next.startUs());
      listing = next;
    }
    return listing;
  }

  @Test
  void leadsToTheVeryPictureThatTheClipBeginsWith() throws IOException {
    try (PublishedCard published = publish(card().build(), 64 << 20)) {
      OpenWindow window = new OpenWindow(9_000_000);
      published.appendUntil(FROM_US + 400_000);
      try (GrowingSegments segments = open(published, window)) {
        GrowingSegments.Listing listing = follow(published, segments, window);
        assertEquals(
            List.of(2_000_000L, 2_000_000L, 2_000_000L), listing.lengthsUs().subList(0, 3));
        Verdict verdict = TestCardJudge.judge(joined(segments, 0, listing.lengthsUs().size()));
        assertEquals(List.of(), verdict.faults(MAX_SKEW_US));
        Verdict.Pictures seen = verdict.pictures().orElseThrow();
        int first = published.firstFrameFrom(FROM_US);
        long atUs = seen.ptsUs().getFirst() + listing.startUs();
        long shownUs = seen.ptsUs().get(first - seen.firstFrame());
        assertTrue(Math.abs(atUs - shownUs) <= 1, () -> atUs + " but " + shownUs);
        int last = published.firstFrameFrom(9_000_000) - 1;
        assertTrue(seen.lastFrame() <= last && seen.lastFrame() >= last - 2, seen::toString);
      }
    }
  }

  @Test
  void eachSegmentBeginsWithAKeyframe() throws IOException {
    try (PublishedCard published = publish(card().build(), 64 << 20)) {
      OpenWindow window = new OpenWindow(9_000_000);
      published.appendUntil(FROM_US + 400_000);
      try (GrowingSegments segments = open(published, window)) {
        follow(published, segments, window);
        for (int number = 0; number < 3; number++) {
          Verdict verdict = TestCardJudge.judge(joined(segments, number, number + 1));
          assertEquals(60, verdict.pictures().orElseThrow().presentedFrames());
          assertEquals(60 + 60 * number, verdict.pictures().orElseThrow().firstFrame());
        }
      }
    }
  }

  @Test
  void cutsGroupsOfPicturesThatAreTooLong() {
    try (PublishedCard published = publish(card().gop(300).build(), 64 << 20)) {
      OpenWindow window = new OpenWindow(11_000_000);
      published.appendUntil(FROM_US + 400_000);
      try (GrowingSegments segments = open(published, window)) {
        GrowingSegments.Listing listing = follow(published, segments, window);
        assertTrue(
            listing.lengthsUs().stream()
                .allMatch(lengthUs -> lengthUs <= GrowingSegments.TARGET_S * 1_000_000L),
            listing::toString);
        assertTrue(listing.lengthsUs().size() >= 3, listing::toString);
      }
    }
  }

  @Test
  void dividesSoundAlone() throws IOException {
    TestCard card = TestCard.builder().noVideo().audio(Codec.AAC).build();
    try (PublishedCard published = publish(card, 16 << 20)) {
      OpenWindow window = new OpenWindow(9_000_000);
      published.appendUntil(FROM_US + 400_000);
      try (GrowingSegments segments = open(published, window)) {
        GrowingSegments.Listing listing = follow(published, segments, window);
        assertEquals(4, listing.lengthsUs().size());
        Verdict verdict = TestCardJudge.judge(joined(segments, 0, 4));
        assertEquals(List.of(), verdict.faults());
        assertTrue(segments.segment(4).isEmpty());
        assertTrue(segments.segment(-1).isEmpty());
      }
    }
  }

  @Test
  void isNotThereBeforeItsFirstPicture() {
    try (PublishedCard published = publish(card().build(), 64 << 20)) {
      published.appendUntil(1_000_000);
      OpenWindow window = new OpenWindow(9_000_000);
      CutRequest request = new CutRequest(FROM_US, window.toUs, CutRequest.Outside.CLAMP);
      assertFalse(GrowingSegments.open(published.ring(), request, window).isPresent());
    }
  }

  @Test
  void tellsThatASegmentIsGone() {
    try (PublishedCard published = publish(card().build(), 256 << 10)) {
      OpenWindow window = new OpenWindow(4_000_000);
      published.appendUntil(FROM_US + 400_000);
      try (GrowingSegments segments = open(published, window)) {
        follow(published, segments, window);
        published.appendUntil(LENGTH_US);
        HalcyonException failure = assertThrows(HalcyonException.class, () -> bytesOf(segments, 0));
        assertEquals(ErrorCode.RING_OVERRUN, failure.code());
      }
    }
  }
}
