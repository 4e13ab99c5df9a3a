package dev.halcyon.codecs.testcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.codecs.mux.PacketSource;
import dev.halcyon.codecs.mux.PreparedLoop;
import dev.halcyon.core.media.FrameRate;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedLoopTest {
  /** The fourth round's first dts, two pictures before its first pts. */
  private static final long THREE_ROUNDS_DTS_US = 3 * 1_600_000 - 66_667;

  @TempDir private Path folder;

  @Test
  void repeatsWithoutAJoint() {
    TestCard card = TestCard.builder().size(160, 120).gop(12).bFrames(2).build();
    PreparedLoop loop = TestCardSource.prepareLoop(card, 2_000_000);
    assertEquals(1_600_000, loop.lengthUs(), "48 frames are 75 audio frames");

    Path file = folder.resolve("looped.mp4");
    long lastDtsUs = Long.MIN_VALUE;
    try (PacketSource source = loop.source();
        MuxerHandle muxer = TestCardFile.open(source.tracks(), file)) {
      CodedPacket packet = source.next().orElseThrow();
      while (packet.dtsUs() < THREE_ROUNDS_DTS_US) {
        assertTrue(packet.dtsUs() >= lastDtsUs, "dts goes on");
        lastDtsUs = packet.dtsUs();
        muxer.write(packet);
        packet = source.next().orElseThrow();
      }
      muxer.finish();
    }
    Verdict verdict = TestCardJudge.judge(file);
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertEquals(List.of(), pictures.missing());
    assertEquals(47, pictures.lastFrame());
    assertEquals(3 * 48, pictures.presentedFrames());
    assertEquals(List.of(), pictures.black());
    assertEquals(List.of(), pictures.unreadable());
    assertEquals(0, verdict.decodeErrors());
    assertEquals(List.of(), verdict.sound().orElseThrow().gaps());
    assertTrue(verdict.skew().orElseThrow().maxAbsUs() <= 21, verdict::toString);
    for (int i = 1; i < pictures.ptsUs().size(); i++) {
      long stepUs = pictures.ptsUs().get(i) - pictures.ptsUs().get(i - 1);
      assertTrue(Math.abs(stepUs - 33_333) <= 1, () -> "a step of " + stepUs + " us");
    }
  }

  @Test
  void findsTheBestLengthAtOddRates() {
    TestCard ntsc =
        TestCard.builder()
            .size(160, 120)
            .frameRate(FrameRate.FPS_29_97)
            .gop(10)
            .sampleRate(44_100)
            .build();
    PreparedLoop loop = TestCardSource.prepareLoop(ntsc, 3_000_000);
    assertTrue(loop.lengthUs() > 1_500_000 && loop.lengthUs() <= 3_000_000);
    long frame = 1024L * 1_000_000;
    long after = loop.lengthUs() * 44_100 % frame;
    assertTrue(Math.min(after, frame - after) / 44_100 < 2000, "near an audio frame's begin");
  }
}
