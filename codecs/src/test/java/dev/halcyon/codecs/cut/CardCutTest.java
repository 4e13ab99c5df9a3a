package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test cards through the ring into clips, judged by what they show and sound. */
class CardCutTest {
  private static final long LENGTH_US = 8_000_000;
  private static final long MAX_SKEW_US = 5_000;

  private enum Stamps {
    EXACT,
    /** As RTMP has them. */
    MILLISECONDS;

    long of(long us) {
      return this == EXACT ? us : Math.round(us / 1e3) * 1_000;
    }
  }

  @TempDir Path folder;

  /** Fills the ring; gives the pictures' presentation times in order: the index is the frame. */
  private static List<Long> fill(Ring ring, TestCard card, Stamps stamps) {
    List<Long> pictures = new ArrayList<>();
    try (TestCardSource source = TestCardSource.of(card, LENGTH_US);
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      source.tracks().forEach(writer::configure);
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        CodedPacket packet = next.get();
        Track track = packet.track();
        writer.configure(track);
        long ptsUs = stamps.of(packet.ptsUs());
        writer.append(
            track.index(),
            packet.isKeyframe(),
            ptsUs,
            stamps.of(packet.dtsUs()),
            0,
            0,
            packet.payload().asBuffer());
        if (track.isVideo()) {
          pictures.add(ptsUs);
        }
      }
    }
    pictures.sort(null);
    return pictures;
  }

  private void assertClips(TestCard card, Stamps stamps, int windows, long seed) {
    Random random = new Random(seed);
    Path path = folder.resolve("ring");
    try (Ring ring = Ring.create(path, new RingOptions(64L << 20, 3_600_000_000L))) {
      List<Long> pictures = fill(ring, card, stamps);
      for (int i = 0; i < windows; i++) {
        long fromUs = random.nextLong(4_000_000);
        long toUs = fromUs + 1_200_000 + random.nextLong(2_000_000);
        String name = "[" + fromUs + ", " + toUs + ") seed " + seed;
        Path clip = folder.resolve("clip.mp4");
        CutContract contract =
            RingCutter.cut(ring, new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP), clip)
                .contract();
        Verdict verdict = TestCardJudge.judge(clip);
        assertEquals(List.of(), verdict.faults(MAX_SKEW_US), name);
        Verdict.Pictures seen = verdict.pictures().orElseThrow();
        assertEquals(firstAtOrAfter(pictures, fromUs), seen.firstFrame(), name);
        assertEquals(firstAtOrAfter(pictures, toUs) - 1, seen.lastFrame(), name);
        assertEquals(pictures.get(seen.firstFrame()), contract.deliveredStartUs(), name);
        assertEquals(pictures.get(seen.lastFrame() + 1), contract.deliveredEndUs(), name);
        assertEquals(0, seen.ptsUs().getFirst(), name);
        if (card.audio().isPresent()) {
          assertTrue(verdict.skew().isPresent(), name + ": sound was compared with pictures");
        }
      }
    }
  }

  private static int firstAtOrAfter(List<Long> pictures, long us) {
    int index = 0;
    while (pictures.get(index) < us) {
      index++;
    }
    return index;
  }

  private static TestCard.Builder card(Codec codec) {
    return TestCard.builder()
        .video(codec)
        .size(320, 180)
        .gop(50)
        .audio(Codec.AAC)
        .audioBitrate(192_000);
  }

  @Test
  void presentsReorderedPicturesOfMillisecondStamps() {
    assertClips(card(Codec.H264).bFrames(3).build(), Stamps.MILLISECONDS, 6, 21);
  }

  @Test
  void presentsOpenGops() {
    assertClips(card(Codec.H264).bFrames(2).gop(30).openGop().build(), Stamps.EXACT, 6, 22);
  }

  @Test
  void presentsVariableFrameRate() {
    assertClips(card(Codec.H264).bFrames(2).frameTicks(1, 2, 1, 3).build(), Stamps.EXACT, 4, 23);
  }

  @Test
  void presentsAPictureSizeThatChanges() {
    assertClips(card(Codec.H264).sizeChange(100, 256, 144).build(), Stamps.MILLISECONDS, 4, 24);
  }

  @Test
  void presentsVp9AndOpus() {
    assertClips(card(Codec.VP9).audio(Codec.OPUS).build(), Stamps.EXACT, 4, 25);
  }

  @Test
  void presentsPicturesAlone() {
    assertClips(card(Codec.H264).noAudio().bFrames(2).build(), Stamps.EXACT, 3, 26);
  }

  @Test
  void soundsAlone() {
    TestCard card = TestCard.builder().noVideo().audio(Codec.AAC).build();
    try (Ring ring =
        Ring.create(folder.resolve("ring"), new RingOptions(8L << 20, 3_600_000_000L))) {
      fill(ring, card, Stamps.EXACT);
      Path clip = folder.resolve("clip.mp4");
      CutContract contract =
          RingCutter.cut(
                  ring, new CutRequest(1_234_567, 5_432_101, CutRequest.Outside.REFUSE), clip)
              .contract();
      assertEquals(1_234_567, contract.deliveredStartUs());
      assertEquals(5_432_101, contract.deliveredEndUs());
      Verdict verdict = TestCardJudge.judge(clip);
      assertEquals(List.of(), verdict.faults());
      Verdict.Sound heard = verdict.sound().orElseThrow();
      assertEquals(0, heard.startUs());
      assertTrue(heard.markers() >= 3, verdict::toString);
      // FFmpeg plays the last packet whole.
      long extraUs = heard.endUs() - (5_432_101 - 1_234_567);
      assertTrue(extraUs >= -100 && extraUs < 21_400, () -> "extra " + extraUs);
    }
  }
}
