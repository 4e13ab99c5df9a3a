package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.media.FrameRate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips in segments while a publisher reconnects, judged when they are put together. */
class StitchedSegmentsTest {
  private static final long LENGTH_US = 3_000_000;
  private static final long FROM_US = 1_130_000;

  /** RFC 8216 section 4.3.3.1: lengths are rounded to whole seconds. */
  private static final long LONGEST_US = GrowingSegments.TARGET_S * 1_000_000L + 499_999;

  @TempDir Path folder;

  private static TestCard.Builder card(int id) {
    return TestCard.builder()
        .size(320, 180)
        .frameRate(new FrameRate(25, 1))
        .gop(50)
        .bFrames(2)
        .audioBitrate(192_000)
        .cardId(id);
  }

  private EpochRing publish(long gapUs) {
    EpochRing ring = new EpochRing(folder.resolve("ring"));
    ring.then(card(1).build(), LENGTH_US, 0);
    return ring.then(card(2).size(480, 270).build(), LENGTH_US, LENGTH_US + gapUs);
  }

  /** Looks again and again while the stream goes on. */
  private GrowingSegments.Listing follow(EpochRing ring, GrowingSegments all, OpenWindow window) {
    GrowingSegments.Listing listing = all.look();
    for (long nowUs = FROM_US + 500_000; !listing.hasEnded(); nowUs += 130_000) {
      ring.appendUntil(nowUs);
      window.hasClosed = nowUs > window.toUs + 200_000;
      listing = all.look();
      assertTrue(nowUs < 30_000_000, "it never ends");
    }
    return listing;
  }

  private Path joined(GrowingSegments segments, int count) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer header = segments.header();
    byte[] head = new byte[header.remaining()];
    header.get(head);
    out.write(head);
    for (int number = 0; number < count; number++) {
      Path part = folder.resolve("segment");
      try (ClipBytes bytes = segments.segment(number).orElseThrow()) {
        Grown.write(bytes, part);
      }
      out.write(Files.readAllBytes(part));
    }
    return Files.write(folder.resolve("joined.mp4"), out.toByteArray());
  }

  private Verdict.Pictures assertFollowed(EpochRing ring, long toUs, List<Integer> epochs)
      throws IOException {
    OpenWindow window = new OpenWindow(toUs);
    ring.appendUntil(FROM_US + 400_000);
    CutRequest request = new CutRequest(FROM_US, toUs, CutRequest.Outside.CLAMP);
    try (GrowingSegments segments =
        GrowingSegments.open(ring.ring(), request, window).orElseThrow()) {
      GrowingSegments.Listing listing = follow(ring, segments, window);
      assertTrue(
          listing.lengthsUs().stream().allMatch(lengthUs -> lengthUs <= LONGEST_US),
          listing::toString);
      Path joined = joined(segments, listing.lengthsUs().size());
      Verdict.Pictures seen = TestCardJudge.judge(joined).pictures().orElseThrow();
      // From the keyframe that the clip needs.
      assertEquals(0, seen.firstFrame());
      long originUs = ring.epoch(0).pictures().firstKey() - seen.ptsUs().getFirst();
      StitchOracle oracle = new StitchOracle(ring, 0, toUs, originUs, 1);
      assertEquals(List.of(), oracle.faults(joined, epochs, 3));
      return seen;
    }
  }

  @Test
  void goOnInAnotherPictureSize() throws IOException {
    try (EpochRing ring = publish(1_517_000)) {
      assertFollowed(ring, 6_410_000, List.of(0, 1));
    }
  }

  @Test
  void areNoLongerThanTheirPlaylistSays() throws IOException {
    try (EpochRing ring = publish(4_800_000)) {
      assertFollowed(ring, 9_410_000, List.of(0, 1));
    }
  }

  @Test
  void endWhereNoSegmentHoldsTheGap() throws IOException {
    try (EpochRing ring = publish(8_000_000)) {
      Verdict.Pictures seen = assertFollowed(ring, 12_410_000, List.of(0));
      assertEquals(74, seen.lastFrame());
    }
  }
}
