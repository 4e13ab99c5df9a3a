package dev.halcyon.codecs.testcard;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shape of card, written to a file and judged: every frame there, sound on the picture. */
class TestCardRoundTripTest {
  private static final long DURATION_US = 2_500_000;

  /** At 48 kHz, rounded up. */
  private static final long ONE_SAMPLE_US = 21;

  /** FLV and Matroska count in milliseconds, and cut them off. */
  private static final long ONE_MILLISECOND_US = 1000;

  @TempDir private Path folder;

  static Stream<Arguments> cards() {
    return Stream.of(
        of("plain.mp4", ONE_SAMPLE_US, small()),
        of("b-frames.mp4", ONE_SAMPLE_US, small().bFrames(2)),
        of("pyramid.mp4", ONE_SAMPLE_US, small().bFrames(4).gop(24)),
        of("open-gop.mp4", ONE_SAMPLE_US, small().bFrames(2).openGop()),
        of("smallest.mp4", ONE_SAMPLE_US, small().size(160, 120)),
        of("25.mp4", ONE_SAMPLE_US, small().frameRate(FrameRate.FPS_25)),
        of("29.97.mp4", ONE_SAMPLE_US, small().frameRate(FrameRate.FPS_29_97).bFrames(2)),
        of("60.mp4", ONE_SAMPLE_US, small().frameRate(FrameRate.FPS_60).bFrames(2)),
        of("variable.mp4", ONE_SAMPLE_US, small().frameTicks(1, 1, 3, 2, 1).bFrames(2)),
        of("late-sound.mp4", ONE_SAMPLE_US, small().audioOffset(333_000).bFrames(2)),
        of("late-picture.mp4", ONE_SAMPLE_US, small().videoOffset(210_000).bFrames(2)),
        of("constant-rate.mp4", ONE_SAMPLE_US, small().videoBitrate(600_000).bFrames(2)),
        of("44100-mono.mp4", ONE_SAMPLE_US, small().sampleRate(44_100).channels(1)),
        of("talk.mp4", ONE_SAMPLE_US, small().programme(TestCardProgramme.demo())),
        of("resized.mp4", ONE_SAMPLE_US, small().sizeChange(30, 480, 270).bFrames(2)),
        of("plain.flv", ONE_MILLISECOND_US, small()),
        of("b-frames.flv", ONE_MILLISECOND_US, small().bFrames(2)),
        of("resized.flv", ONE_MILLISECOND_US, small().sizeChange(30, 480, 270).bFrames(2)),
        of("b-frames.mkv", ONE_MILLISECOND_US, small().bFrames(2)),
        of("b-frames.ts", ONE_SAMPLE_US, small().bFrames(2)),
        of("ten-hours.ts", ONE_SAMPLE_US, small().bFrames(2).start(36_000_000_000L)),
        of("ten-hours.flv", ONE_MILLISECOND_US, small().bFrames(2).start(36_000_000_000L)),
        of("opus.mp4", ONE_SAMPLE_US, small().audio(Codec.OPUS).bFrames(2)),
        of("hevc.mp4", ONE_SAMPLE_US, small().video(Codec.HEVC).bFrames(2)),
        of("vp9.mp4", ONE_SAMPLE_US, small().video(Codec.VP9)),
        of("vp8-opus.webm", ONE_MILLISECOND_US, small().video(Codec.VP8).audio(Codec.OPUS)));
  }

  private static TestCard.Builder small() {
    return TestCard.builder().cardId(7);
  }

  private static Arguments of(String name, long maxSkewUs, TestCard.Builder card) {
    return Arguments.of(name, maxSkewUs, card.build());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cards")
  void isJudgedFaultless(String name, long maxSkewUs, TestCard card) throws Throwable {
    assertNoLeak(
        () -> {
          Path file = folder.resolve(name);
          TestCardFile.write(card, DURATION_US, file);
          Verdict verdict = TestCardJudge.judge(file);
          assertEquals(List.of(), verdict.faults(maxSkewUs), verdict::toString);
          Verdict.Pictures pictures = verdict.pictures().orElseThrow();
          int frames = framesOf(card);
          assertEquals(0, pictures.firstFrame());
          assertEquals(frames - 1, pictures.lastFrame());
          assertEquals(frames, pictures.presentedFrames());
          assertTrue(verdict.skew().orElseThrow().markers() > 0, "markers were compared");
        });
  }

  private static int framesOf(TestCard card) {
    int frames = 0;
    while (card.video().orElseThrow().timeUs(frames) < DURATION_US) {
      frames++;
    }
    return frames;
  }
}
