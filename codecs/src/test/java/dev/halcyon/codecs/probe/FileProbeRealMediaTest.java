package dev.halcyon.codecs.probe;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.TestMedia;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.asset.SoundStream;
import dev.halcyon.core.asset.Transfer;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileProbeRealMediaTest {
  private static final ProbeLimits ALL_CODECS =
      ProbeLimits.DEFAULT.withPictureCodecs(
          EnumSet.of(Codec.H264, Codec.HEVC, Codec.VP9, Codec.AV1, Codec.VP8));

  private static final long SEED = 7;

  @TempDir private Path folder;

  /** Lengths by ffprobe where it measures, else by decoding; seconds. */
  @ParameterizedTest
  @CsvSource({
    "talking_head_2160p50.mp4, H264, 3840, 2160, 50, 3.98, 1",
    "interviews_20cuts.mp4, H264, 320, 180, 29.97, 35.03, 1",
    "timecode_speech.mp4, H264, 1280, 720, 30, 42.4, 1",
    "bbb_30s.webm, VP8, 1280, 720, 24, 30.0, 1",
    "clock_300kbps.flv, H264, 640, 480, 19.98, 119.0, 1",
    "nasa_2video_2audio.mp4, H264, 480, 270, 29.97, 13.05, 2",
    "long_1080p_lowbitrate.mp4, H264, 1920, 1080, 30, 363, 1",
    "hevc_bframes.mp4, HEVC, 854, 480, 30, 1.0, 0",
    "burned_in_timestamps_60fps.mp4, H264, 320, 240, 60, 5, 1",
    "synth_5min.mp4, H264, 1280, 720, 5, 306, 1",
    "fragmented_wrong_duration.mp4, H264, 1080, 720, 29.97, 1.06, 1",
    "mdat_too_long.mp4, H264, 1080, 720, 29.97, 1.07, 1",
  })
  void tellsWhatIsInAFile(
      String name, Codec codec, int widthPx, int heightPx, double fps, double seconds, int sounds)
      throws Throwable {
    Path file = TestMedia.file(name);
    assertNoLeak(
        () -> {
          MediaProbe probe = FileProbe.probe(file, ALL_CODECS);
          PictureStream picture = probe.picture().orElseThrow();
          assertEquals(codec, picture.codec());
          assertEquals(widthPx, picture.displayWidthPx());
          assertEquals(heightPx, picture.displayHeightPx());
          assertEquals(
              fps,
              (double) picture.frameRate().numerator() / picture.frameRate().denominator(),
              fps * 0.01);
          assertEquals(seconds, probe.durationUs() / 1e6, 0.15 + seconds / 100);
          assertEquals(sounds, probe.sounds().size());
        });
  }

  @Test
  void seesHlgAndTheWaysOfAPhone() {
    MediaProbe probe =
        FileProbe.probe(TestMedia.file("hevc_hlg_edit_list.mp4"), ProbeLimits.DEFAULT);
    PictureStream picture = probe.picture().orElseThrow();
    assertEquals(Transfer.HLG, picture.transfer());
    assertEquals(10, picture.bits());
    assertNear(0, probe.startUs(), 40_000);
    assertEquals(2.55, probe.durationUs() / 1e6, 0.1);
  }

  @Test
  void takesStampsNearTheirWrap() {
    MediaProbe probe =
        FileProbe.probe(TestMedia.file("pts_near_33bit_wrap.ts"), ProbeLimits.DEFAULT);
    assertTrue(probe.durationUs() < 1_000_000, probe::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "music_vibe_ace.ogg, vorbis, 2, 61.5",
    "kick_120bpm.mp3, mp3, 2, 10",
    "crowd_panic.mp3, mp3, 2, 29.4",
    "speech_jfk.flac, flac, 2, 11",
    "dialogue.wav, pcm_s16le, 1, 30",
    "speech_two_speakers.wav, pcm_s16le, 1, 29.5",
  })
  void takesSoundAloneWithoutItsCover(String name, String codec, int channels, double seconds) {
    MediaProbe probe = FileProbe.probe(TestMedia.file(name), ProbeLimits.DEFAULT);
    assertTrue(probe.picture().isEmpty());
    SoundStream sound = probe.defaultSound().orElseThrow();
    assertEquals(codec, sound.codec());
    assertEquals(channels, sound.channels());
    assertEquals(seconds, probe.durationUs() / 1e6, 0.5);
  }

  @Test
  void refusesWhatHoldsNothing() {
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> FileProbe.probe(TestMedia.file("zero_length.ts"), ProbeLimits.DEFAULT));
    assertTrue(
        List.of(ErrorCode.NO_MEDIA, ErrorCode.CORRUPT_MEDIA).contains(refused.code()),
        refused::toString);
  }

  @Test
  void damagedCopiesAreTakenOrRefusedButNeverLeak() throws Throwable {
    System.out.println("seed: " + SEED);
    Random random = new Random(SEED);
    List<String> names =
        List.of(
            "hevc_bframes.mp4",
            "mdat_too_long.mp4",
            "pts_near_33bit_wrap.ts",
            "fragmented_wrong_duration.mp4",
            "nasa_2video_2audio.mp4",
            "kick_120bpm.mp3");
    for (String name : names) {
      byte[] whole = Files.readAllBytes(TestMedia.file(name));
      assertNoLeak(() -> probeDamaged(name, whole, random));
    }
  }

  private void probeDamaged(String name, byte[] whole, Random random) throws Exception {
    for (int round = 0; round < 12; round++) {
      byte[] damaged =
          round % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(1, whole.length)) : whole.clone();
      int flips = random.nextInt(1, 40);
      for (int i = 0; i < flips; i++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = folder.resolve("damaged-" + name);
      Files.write(file, damaged);
      try {
        assertTrue(FileProbe.probe(file, ALL_CODECS).durationUs() > 0);
      } catch (HalcyonException refused) {
        assertFalse(refused.code() == ErrorCode.INTERNAL, refused::toString);
      }
    }
  }

  private static void assertNear(long expectedUs, long actualUs, long toleranceUs) {
    assertTrue(
        Math.abs(expectedUs - actualUs) <= toleranceUs, expectedUs + " expected, not " + actualUs);
  }
}
