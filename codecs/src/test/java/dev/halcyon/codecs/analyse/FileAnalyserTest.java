package dev.halcyon.codecs.analyse;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.video.SceneScript;
import dev.halcyon.codecs.video.SceneScript.Manner;
import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FileAnalyserTest {
  private static final ProbeLimits LIMITS =
      ProbeLimits.DEFAULT.withPictureCodecs(
          EnumSet.of(Codec.H264, Codec.HEVC, Codec.VP9, Codec.AV1, Codec.VP8));

  private static final AnalysisOptions SOUND_AND_SCENES =
      AnalysisOptions.FULL.withParts(EnumSet.of(AnalysisPart.SOUND, AnalysisPart.SCENES));

  private static final long SECOND_US = 1_000_000;
  private static final long SEED = 99;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = CardShape.class,
      names = {
        "H264_REORDERED",
        "H264_OPEN_GOP",
        "H264_VARIABLE_RATE",
        "H264_LATE_PICTURES",
        "H264_FIELDS",
        "HEVC_OPEN_GOP",
        "VP9_HIDDEN_REFERENCES"
      })
  void indexesEveryPictureWhereTheCardPutIt(CardShape shape) throws Throwable {
    assertNoLeak(
        () -> {
          TestCard card = shape.card();
          Path file = card(card, 2 * SECOND_US, "mkv");
          FrameIndex index = analyse(file, SOUND_AND_SCENES).frames().orElseThrow();
          TestCard.Video video = card.video().orElseThrow();
          long firstUs = card.audio().map(audio -> 0L).orElse(video.offsetUs());
          int frames = 0;
          while (video.timeUs(frames) < 2 * SECOND_US) {
            frames++;
          }
          assertEquals(frames, index.frames());
          // Matroska stamps in milliseconds.
          for (int frame = 0; frame < frames; frame++) {
            long expectedUs = video.timeUs(frame) - firstUs;
            assertTrue(
                Math.abs(expectedUs - index.ptsUs(frame)) <= 25_000
                    && Math.abs(
                            expectedUs
                                - video.timeUs(0)
                                + firstUs
                                - (index.ptsUs(frame) - index.ptsUs(0)))
                        <= 1_100,
                frame + ": " + expectedUs + " expected, not " + index.ptsUs(frame));
          }
          assertTrue(index.isKeyframe(0));
        });
  }

  @Test
  void findsTheCutsOfACodedFilmFullyAndCoarsely() throws Throwable {
    SceneScript script =
        new SceneScript(SEED)
            .cut(Manner.STILL, 75)
            .cut(Manner.SLOW_PAN, 50)
            .cut(Manner.FLASH, 60)
            .dissolve(Manner.STILL, 60, 20)
            .cut(Manner.GAME, 70);
    Path file = film(script, 24);
    assertNoLeak(
        () -> {
          for (AnalysisOptions.Depth depth : AnalysisOptions.Depth.values()) {
            Analysis analysis = analyse(file, SOUND_AND_SCENES.withDepth(depth));
            List<Integer> frames =
                analysis.scenes().orElseThrow().cuts().stream()
                    .map(cut -> (int) Math.round(cut.atUs() * 30 / 1e6))
                    .toList();
            assertEquals(4, frames.size(), depth + ": " + frames);
            assertEquals(List.of(75, 125), frames.subList(0, 2), depth::toString);
            assertEquals(195, frames.get(2), 6.0, depth::toString);
            assertEquals(265, frames.get(3), depth::toString);
            assertEquals(SceneCut.Kind.FADE, analysis.scenes().orElseThrow().cuts().get(2).kind());
          }
          FrameIndex keyframes =
              analyse(file, SOUND_AND_SCENES.withDepth(AnalysisOptions.Depth.COARSE))
                  .frames()
                  .orElseThrow();
          assertEquals(keyframes.frames(), keyframes.keyframes().length);
        });
  }

  @Test
  void hearsLoudnessSilenceAndALoudMoment() throws Throwable {
    Path file =
        sound(
            20 * 48_000,
            at -> {
              double seconds = at / 48_000.0;
              boolean isQuiet = seconds >= 8 && seconds < 10;
              double level = seconds >= 15 && seconds < 16 ? 0.5 : 0.05;
              return isQuiet ? 0 : level * Math.sin(2 * Math.PI * 997 * seconds);
            });
    assertNoLeak(
        () -> {
          SoundAnalysis sound = analyse(file, SOUND_AND_SCENES).sound().orElseThrow();
          assertEquals(200, sound.curves().size(), 1.0);
          // BS.1770: a 997 Hz sine of full scale in both channels is at 0 LUFS.
          assertEquals(-26.02, sound.curves().momentaryLufs(50), 0.2);
          assertEquals(-26.02, sound.curves().peakDb(50), 0.3);
          assertEquals(-6.02, sound.curves().peakDb(155), 0.3);
          assertEquals(-70, sound.curves().momentaryLufs(95));
          assertEquals(1, sound.silence().size());
          assertTrue(
              Math.abs(sound.silence().getFirst().fromUs() - 8 * SECOND_US) < 60_000,
              sound::toString);
          assertTrue(
              Math.abs(sound.silence().getFirst().toUs() - 10 * SECOND_US) < 60_000,
              sound::toString);
          assertEquals(1, sound.signals().size(), sound.signals()::toString);
          assertTrue(
              Math.abs(sound.signals().getFirst().atUs() - 15_300_000) < 500_000,
              sound.signals()::toString);
          // One second of 18 at −6.02, the rest at −26.02: mean power 0.0163; silence is gated out.
          assertEquals(-17.9, sound.integratedLufs().orElseThrow(), 0.5);
        });
  }

  @Test
  void leavesOutWhatIsNotAskedForOrNotThere() throws IOException {
    Path pictures = card(CardShape.H264_ALONE.card(), SECOND_US, "mp4");
    Analysis silent = analyse(pictures, SOUND_AND_SCENES);
    assertTrue(silent.sound().isEmpty());
    assertTrue(silent.faces().isEmpty());
    assertTrue(silent.frames().isPresent());
    Path sound = card(CardShape.AAC_ALONE.card(), SECOND_US, "mp4");
    for (AnalysisOptions.Depth depth : AnalysisOptions.Depth.values()) {
      Analysis heard = analyse(sound, AnalysisOptions.FULL.withDepth(depth));
      assertTrue(heard.frames().isEmpty());
      assertTrue(heard.scenes().isEmpty());
      assertTrue(heard.sound().isPresent());
    }
    Analysis soundOnly =
        analyse(
            card(CardShape.H264.card(), SECOND_US, "mp4"),
            AnalysisOptions.FULL.withParts(EnumSet.of(AnalysisPart.SOUND)));
    assertTrue(soundOnly.frames().isEmpty());
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> analyse(pictures, AnalysisOptions.FULL.withSoundStream(5)));
    assertEquals(ErrorCode.BAD_REQUEST, refused.code());
  }

  @Test
  void tellsHowFarItHasComeAndStopsWhenInterrupted() throws Throwable {
    Path file = card(CardShape.H264_REORDERED.card(), 20 * SECOND_US, "mp4");
    MediaProbe probe = FileProbe.probe(file, LIMITS);
    List<Double> told = new ArrayList<>();
    FileAnalyser.analyse(file, probe, SOUND_AND_SCENES, (fraction, mediaUs) -> told.add(fraction));
    assertEquals(told.stream().sorted().toList(), told);
    assertEquals(1.0, told.getLast());
    assertNoLeak(() -> assertEquals(ErrorCode.CANCELLED, stopped(file, probe)));
  }

  private static ErrorCode stopped(Path file, MediaProbe probe) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<ErrorCode> code = new AtomicReference<>();
    Thread analysing =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    FileAnalyser.analyse(
                        file,
                        probe,
                        SOUND_AND_SCENES,
                        (fraction, mediaUs) -> {
                          running.countDown();
                          Thread.currentThread().interrupt();
                        });
                  } catch (HalcyonException stopped) {
                    code.set(stopped.code());
                  }
                });
    running.await();
    analysing.join();
    return code.get();
  }

  @Test
  void damagedFilesNeverLeakOrHang() throws Throwable {
    System.out.println("seed: " + SEED);
    Random random = new Random(SEED);
    for (String ending : new String[] {"mp4", "mkv", "ts", "flv"}) {
      byte[] whole =
          Files.readAllBytes(card(CardShape.H264_REORDERED.card(), 2 * SECOND_US, ending));
      assertNoLeak(
          () -> {
            for (int round = 0; round < 10; round++) {
              byte[] damaged =
                  round % 3 == 0
                      ? Arrays.copyOf(whole, random.nextInt(whole.length / 2, whole.length))
                      : whole.clone();
              for (int i = 0; i < 30; i++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
              }
              Path file = folder.resolve("damaged." + ending);
              Files.write(file, damaged);
              analyseDamaged(file, round);
            }
          });
    }
  }

  private static void analyseDamaged(Path file, int round) {
    try {
      AnalysisOptions.Depth depth =
          round % 2 == 0 ? AnalysisOptions.Depth.FULL : AnalysisOptions.Depth.COARSE;
      Analysis analysis = analyse(file, SOUND_AND_SCENES.withDepth(depth));
      assertTrue(analysis.damagedPackets() >= 0);
    } catch (HalcyonException refused) {
      assertFalse(refused.code() == ErrorCode.INTERNAL, refused::toString);
    }
  }

  @Test
  void threeAnalysesOfOneFileAgree() throws IOException {
    Path file = card(CardShape.H264_REORDERED.card(), 2 * SECOND_US, "mp4");
    Analysis first = analyse(file, SOUND_AND_SCENES);
    assertEquals(first, analyse(file, SOUND_AND_SCENES));
    assertArrayEquals(
        first.frames().orElseThrow().keyframes(),
        analyse(file, SOUND_AND_SCENES).frames().orElseThrow().keyframes());
  }

  private static Analysis analyse(Path file, AnalysisOptions options) {
    return FileAnalyser.analyse(
        file, FileProbe.probe(file, LIMITS), options, AnalysisListener.NONE);
  }

  private Path card(TestCard card, long durationUs, String ending) throws IOException {
    Path file = Files.createTempFile(folder, "card", "." + ending);
    TestCardFile.write(card, durationUs, file);
    return file;
  }

  private Path film(SceneScript script, int gopFrames) throws IOException {
    Path file = Files.createTempFile(folder, "film", ".mp4");
    byte[] grey = new byte[SceneScript.WIDTH_PX * SceneScript.HEIGHT_PX / 4];
    Arrays.fill(grey, (byte) 128);
    FrameRate rate = new FrameRate(SceneScript.FPS, 1);
    try (VideoEncoder encoder =
        new VideoEncoder(
            new VideoEncoder.Settings(
                Codec.H264,
                SceneScript.WIDTH_PX,
                SceneScript.HEIGHT_PX,
                rate,
                gopFrames,
                2,
                VideoEncoder.Gop.CLOSED,
                VideoEncoder.Scan.PROGRESSIVE,
                0,
                Display.PLAIN))) {
      Track track = new Track(0, encoder.format());
      try (MuxerHandle muxer = MuxerHandle.toFile(file, "mp4", List.of(track), Map.of())) {
        for (int frame = 0; frame < script.frames(); frame++) {
          encoder.encode(
              script.luma(frame),
              grey,
              grey,
              frame,
              unit -> muxer.write(packet(track, rate, unit)));
        }
        encoder.finish(unit -> muxer.write(packet(track, rate, unit)));
        muxer.finish();
      }
    }
    return file;
  }

  private static CodedPacket packet(Track track, FrameRate rate, EncodedUnit unit) {
    return new CodedPacket(
        track,
        unit.isKeyframe(),
        rate.usOfTick(unit.pts()),
        rate.usOfTick(unit.dts()),
        rate.usOfTick(1),
        unit.payload());
  }

  @FunctionalInterface
  private interface Wave {
    double at(long sample);
  }

  /** Stereo PCM in a WAV, written by hand: what is heard is exactly this. */
  private Path sound(int samples, Wave wave) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(44 + samples * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(36 + samples * 4);
    bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(16).putShort((short) 1).putShort((short) 2).putInt(48_000).putInt(192_000);
    bytes.putShort((short) 4).putShort((short) 16);
    bytes.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples * 4);
    for (int i = 0; i < samples; i++) {
      short value = (short) Math.round(32_767 * wave.at(i));
      bytes.putShort(value).putShort(value);
    }
    Path file = Files.createTempFile(folder, "sound", ".wav");
    return Files.write(file, bytes.array());
  }
}
