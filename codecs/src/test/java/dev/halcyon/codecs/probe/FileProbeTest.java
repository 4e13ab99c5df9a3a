package dev.halcyon.codecs.probe;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.asset.SoundStream;
import dev.halcyon.core.asset.Transfer;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.Orientation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileProbeTest {
  private static final ProbeLimits ALL_CODECS =
      ProbeLimits.DEFAULT.withPictureCodecs(
          EnumSet.of(Codec.H264, Codec.HEVC, Codec.VP9, Codec.AV1, Codec.VP8));

  private static final long SECOND_US = 1_000_000;
  private static final long SEED = 20_261_121;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "H264_REORDERED, mp4, 30, false",
    "H264_MILLISECONDS, flv, 29.97, false",
    "H264_VARIABLE_RATE, mp4, 17.14, true",
    "H264_VARIABLE_RATE_MILLISECONDS, mkv, 27.7, true",
    "HEVC_OPEN_GOP, mkv, 30, false",
    "AV1, mp4, 30, false",
    "VP9, webm, 30, false",
    "VP8, webm, 30, false",
    "H264_REORDERED, ts, 30, false",
  })
  void tellsRateAndLengthOfEachKindOfFile(
      CardShape shape, String ending, double fps, boolean isVariable) throws Throwable {
    assertNoLeak(
        () -> {
          Path file = card(shape.card(), 3 * SECOND_US, ending);
          MediaProbe probe = FileProbe.probe(file, ALL_CODECS);
          PictureStream picture = probe.picture().orElseThrow();
          FrameRate rate = picture.frameRate();
          assertEquals(fps, (double) rate.numerator() / rate.denominator(), fps / 30);
          assertEquals(isVariable, picture.isVariableRate());
          assertEquals(192, picture.displayWidthPx());
          assertEquals(108, picture.displayHeightPx());
          assertNear(3 * SECOND_US, probe.durationUs(), 120_000);
          assertEquals(Files.size(file), probe.bytes());
          SoundStream sound = probe.defaultSound().orElseThrow();
          assertEquals(48_000, sound.sampleRateHz());
          assertEquals(2, sound.channels());
        });
  }

  @Test
  void showsHowPicturesAreTurnedStretchedWovenAndLit() throws IOException {
    PictureStream turned = picture(CardShape.H264_TURNED.card(), "mp4");
    assertEquals(Orientation.CLOCKWISE_90, turned.orientation());
    assertEquals(108, turned.displayWidthPx());
    assertEquals(192, turned.displayHeightPx());
    assertEquals(192, turned.codedWidthPx());
    PictureStream stretched = picture(CardShape.H264_ANAMORPHIC.card(), "mp4");
    assertEquals(Math.round(192 * 16 / 11.0), stretched.displayWidthPx());
    assertTrue(picture(CardShape.H264_FIELDS.card(), "mp4").isInterlaced());
    assertFalse(picture(CardShape.H264.card(), "mp4").isInterlaced());
    assertEquals(Transfer.PQ, picture(CardShape.HEVC_HDR10.card(), "mp4").transfer());
    assertEquals(Transfer.HLG, picture(CardShape.HEVC_HLG.card(), "mp4").transfer());
    assertEquals(Transfer.SDR, picture(CardShape.HEVC.card(), "mp4").transfer());
  }

  @Test
  void countsMediaTimeFromTheFirstOfPictureAndSound() throws IOException {
    TestCard late = CardShape.H264_LATE_PICTURES.card();
    MediaProbe probe = FileProbe.probe(card(late, 3 * SECOND_US, "ts"), ALL_CODECS);
    MediaProbe usual =
        FileProbe.probe(card(CardShape.H264.card(), 3 * SECOND_US, "ts"), ALL_CODECS);
    assertNear(3 * SECOND_US, probe.durationUs(), 150_000);
    assertNear(usual.startUs(), probe.startUs(), 100_000);
    TestCard far =
        TestCard.builder().size(192, 108).start(TimeUnit.HOURS.toMicros(25)).noAudio().build();
    MediaProbe wrapped = FileProbe.probe(card(far, SECOND_US, "mkv"), ALL_CODECS);
    assertNear(TimeUnit.HOURS.toMicros(25), wrapped.startUs(), 50_000);
    assertNear(SECOND_US, wrapped.durationUs(), 60_000);
  }

  @Test
  void takesSoundAloneAndPicturesAlone() throws IOException {
    MediaProbe sound =
        FileProbe.probe(card(CardShape.OPUS_ALONE.card(), SECOND_US, "webm"), ALL_CODECS);
    assertTrue(sound.picture().isEmpty());
    assertEquals("opus", sound.sounds().getFirst().codec());
    TestCard surround = TestCard.builder().noVideo().channels(6).audioBitrate(384_000).build();
    assertEquals(
        6,
        FileProbe.probe(card(surround, SECOND_US, "mp4"), ALL_CODECS)
            .sounds()
            .getFirst()
            .channels());
    MediaProbe pictures =
        FileProbe.probe(card(CardShape.H264_ALONE.card(), SECOND_US, "mp4"), ALL_CODECS);
    assertTrue(pictures.sounds().isEmpty());
  }

  @Test
  void refusesWhatIsOverALimit() throws IOException {
    Path file = card(CardShape.H264.card(), 3 * SECOND_US, "mp4");
    ProbeLimits usual = ProbeLimits.DEFAULT;
    refuses(
        ErrorCode.MEDIA_TOO_LONG, file, limits(2 * SECOND_US, 3840, 2160, 50_000_000, 1L << 31));
    refuses(
        ErrorCode.PICTURE_TOO_LARGE,
        file,
        limits(usual.durationUs(), 191, 191, 50_000_000, 1L << 31));
    refuses(
        ErrorCode.PICTURE_TOO_LARGE,
        file,
        limits(usual.durationUs(), 192, 107, 50_000_000, 1L << 31));
    refuses(
        ErrorCode.BITRATE_TOO_HIGH, file, limits(usual.durationUs(), 3840, 2160, 1_000, 1L << 31));
    refuses(
        ErrorCode.MEDIA_TOO_LARGE, file, limits(usual.durationUs(), 3840, 2160, 50_000_000, 1_000));
    Path turned = card(CardShape.H264_TURNED.card(), SECOND_US, "mp4");
    assertEquals(
        108,
        FileProbe.probe(turned, limits(usual.durationUs(), 192, 108, 50_000_000, 1L << 31))
            .picture()
            .orElseThrow()
            .displayWidthPx());
    refuses(ErrorCode.UNSUPPORTED_MEDIA, card(CardShape.VP8.card(), SECOND_US, "webm"), usual);
  }

  @Test
  void refusesWhatIsNoMediaAndWhatNamesOtherFiles() throws IOException {
    refuses(ErrorCode.NOT_FOUND, folder.resolve("none.mp4"), ALL_CODECS);
    refuses(ErrorCode.IO_FAILED, folder, ALL_CODECS);
    refuses(ErrorCode.CORRUPT_MEDIA, written("empty.mp4", ""), ALL_CODECS);
    refuses(
        ErrorCode.CORRUPT_MEDIA,
        written("text.mp4", "not a film, but a text\n".repeat(500)),
        ALL_CODECS);
    Path card = card(CardShape.H264.card(), SECOND_US, "ts");
    refuses(
        ErrorCode.UNSUPPORTED_MEDIA,
        written(
            "list.m3u8",
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n"
                + card.toAbsolutePath()
                + "\n#EXT-X-ENDLIST\n"),
        ALL_CODECS);
    refuses(
        ErrorCode.UNSUPPORTED_MEDIA,
        written("list.ffconcat", "ffconcat version 1.0\nfile " + card.getFileName() + "\n"),
        ALL_CODECS);
  }

  @Test
  void stopsWhenInterruptedAndWhenItsTimeIsUp() throws Exception {
    Path file = card(CardShape.H264.card(), 3 * SECOND_US, "mp4");
    AtomicReference<ErrorCode> code = new AtomicReference<>();
    Thread probing =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  try {
                    FileProbe.probe(file, ALL_CODECS);
                  } catch (HalcyonException stopped) {
                    code.set(stopped.code());
                  }
                });
    probing.join();
    assertEquals(ErrorCode.CANCELLED, code.get());
  }

  @Test
  void takesWhatIsLeftOfAFileThatBreaksOff() throws Throwable {
    assertNoLeak(
        () -> {
          for (String ending : new String[] {"mkv", "ts", "flv"}) {
            Path whole = card(CardShape.H264_REORDERED.card(), 4 * SECOND_US, ending);
            byte[] bytes = Files.readAllBytes(whole);
            Path cut = folder.resolve("cut." + ending);
            Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
            MediaProbe probe = FileProbe.probe(cut, ALL_CODECS);
            assertTrue(probe.durationUs() < 3 * SECOND_US, ending + " " + probe);
            assertTrue(probe.durationUs() > SECOND_US, ending + " " + probe);
            if (ending.equals("mkv")) {
              assertTrue(
                  probe.notices().stream().anyMatch(notice -> notice.startsWith("The file says")),
                  probe::toString);
            }
          }
        });
  }

  @Test
  void damagedFilesAreTakenOrRefusedButNeverLeak() throws Throwable {
    System.out.println("seed: " + SEED);
    Random random = new Random(SEED);
    assertNoLeak(
        () -> {
          for (String ending : new String[] {"mp4", "mkv", "ts", "flv"}) {
            byte[] whole =
                Files.readAllBytes(card(CardShape.H264_REORDERED.card(), 2 * SECOND_US, ending));
            for (int round = 0; round < 40; round++) {
              byte[] damaged =
                  round % 4 == 0
                      ? Arrays.copyOf(whole, random.nextInt(1, whole.length))
                      : whole.clone();
              int flips = random.nextInt(1, 60);
              // The head of a file steers the parsers; half of the flips go there.
              int head = Math.min(damaged.length, 4_000);
              for (int i = 0; i < flips; i++) {
                int at = random.nextInt(i % 2 == 0 ? head : damaged.length);
                damaged[at] ^= (byte) (1 << random.nextInt(8));
              }
              Path file = folder.resolve("damaged." + ending);
              Files.write(file, damaged);
              try {
                assertTrue(FileProbe.probe(file, ALL_CODECS).durationUs() > 0);
              } catch (HalcyonException refused) {
                assertFalse(
                    refused.code() == ErrorCode.INTERNAL || refused.getMessage().isBlank(),
                    () -> "round: " + refused);
              }
            }
          }
        });
  }

  private void refuses(ErrorCode code, Path file, ProbeLimits limits) {
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> FileProbe.probe(file, limits));
    assertEquals(code, refused.code(), refused.getMessage());
  }

  private static ProbeLimits limits(
      long durationUs, int longPx, int shortPx, long bps, long bytes) {
    return new ProbeLimits(durationUs, longPx, shortPx, bps, bytes, EnumSet.of(Codec.H264), 60_000);
  }

  private PictureStream picture(TestCard card, String ending) throws IOException {
    return FileProbe.probe(card(card, SECOND_US, ending), ALL_CODECS).picture().orElseThrow();
  }

  private Path card(TestCard card, long durationUs, String ending) throws IOException {
    Path file = Files.createTempFile(folder, "card", "." + ending);
    TestCardFile.write(card, durationUs, file);
    return file;
  }

  private Path written(String name, String text) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertNear(long expectedUs, long actualUs, long toleranceUs) {
    assertTrue(
        Math.abs(expectedUs - actualUs) <= toleranceUs, expectedUs + " expected, not " + actualUs);
  }
}
