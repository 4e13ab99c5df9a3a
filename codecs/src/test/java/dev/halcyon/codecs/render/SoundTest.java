package dev.halcyon.codecs.render;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.audio.ProgrammeLoudness;
import dev.halcyon.codecs.audio.Speaker;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.SoundForm;
import dev.halcyon.core.render.SoundForm.Denoise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loudness, peaks, and what is done about them. */
class SoundTest {
  private static final int RATE_HZ = SoundScratch.RATE_HZ;

  @TempDir Path folder;

  private static float[][] sine(double hz, double amplitude, int samples) {
    float[][] planes = new float[2][samples];
    for (int i = 0; i < samples; i++) {
      planes[0][i] = (float) (amplitude * Math.sin(2 * Math.PI * hz * i / RATE_HZ));
      planes[1][i] = planes[0][i];
    }
    return planes;
  }

  private static ProgrammeLoudness measured(float[][]... parts) {
    ProgrammeLoudness loudness = new ProgrammeLoudness(RATE_HZ, Speaker.STEREO);
    for (float[][] part : parts) {
      loudness.add(part, part[0].length);
    }
    return loudness;
  }

  @Test
  void measuresWhatTheStandardSays() {
    // EBU Tech 3341, cases 1 to 3: a stereo sine of 1 kHz; softer parts are gated out.
    double loud = Math.pow(10, -23 / 20.0);
    double soft = Math.pow(10, -36 / 20.0);
    assertEquals(-23, measured(sine(1000, loud, 20 * RATE_HZ)).integratedLufs().orElseThrow(), 0.1);
    assertEquals(
        -23,
        measured(
                sine(1000, soft, 10 * RATE_HZ),
                sine(1000, loud, 60 * RATE_HZ),
                sine(1000, soft, 10 * RATE_HZ))
            .integratedLufs()
            .orElseThrow(),
        0.1);
    assertTrue(measured(new float[2][RATE_HZ]).integratedLufs().isEmpty());
  }

  @Test
  void seesPeaksBetweenSamples() {
    // A quarter of the rate, 45° off: samples at 0.707 of the wave's height.
    float[][] planes = new float[2][RATE_HZ];
    for (int i = 0; i < RATE_HZ; i++) {
      planes[0][i] = (float) (0.5 * Math.sin(Math.PI / 2 * i + Math.PI / 4));
      planes[1][i] = planes[0][i];
    }
    assertEquals(20 * Math.log10(0.5), measured(planes).truePeakDbtp(), 0.3);
  }

  @Test
  void theCeilingHoldsForEachPeakAndNothingIsLost() throws IOException {
    Random random = new Random(7);
    float[][] planes = sine(220, 0.1, 3 * RATE_HZ);
    for (int burst = 0; burst < 60; burst++) {
      int at = random.nextInt(planes[0].length - 50);
      for (int i = 0; i < 1 + random.nextInt(40); i++) {
        planes[random.nextInt(2)][at + i] = random.nextFloat(-0.9f, 0.9f);
      }
    }
    double ceiling = Math.pow(10, -1 / 20.0);
    ProgrammeLoudness after = new ProgrammeLoudness(RATE_HZ, Speaker.STEREO);
    long[] given = new long[1];
    PeakLimiter limiter = new PeakLimiter(4, ceiling);
    for (int at = 0; at < planes[0].length; at += 1000) {
      float[][] block = {
        java.util.Arrays.copyOfRange(planes[0], at, at + 1000),
        java.util.Arrays.copyOfRange(planes[1], at, at + 1000)
      };
      limiter.add(
          block,
          1000,
          (out, count) -> {
            after.add(out, count);
            given[0] += count;
          });
    }
    limiter.finish(
        (out, count) -> {
          after.add(out, count);
          given[0] += count;
        });
    assertEquals(planes[0].length, given[0]);
    assertTrue(after.truePeakDbtp() <= -1 + 0.1, () -> "peak " + after.truePeakDbtp());
    assertTrue(after.truePeakDbtp() > -2, "it does not hold back more than it must");
  }

  @Test
  void aSoftSoundIsLimitedAndStillLoudEnough() throws Throwable {
    // Markers at −20 dBFS once a tenth of a second in near silence: peaks far above the mean.
    Path source =
        Renders.card(folder, TestCard.builder().size(192, 108).channels(1).build(), 6_000_000);
    RenderSpec spec = Renders.spec(Renders.WIDE, new TimeSpan(500_000, 5_500_000));
    assertNoLeak(
        () -> {
          RenderResult result =
              new ClipRenderer(1)
                  .render(
                      spec,
                      source,
                      folder.resolve("clip.mp4"),
                      Renders.folder(folder),
                      RenderListener.NONE);
          assertEquals(-14, result.integratedLufs().orElseThrow(), 0.5);
          assertTrue(result.truePeakDbtp().orElseThrow() <= -1, result::toString);
        });
  }

  @Test
  void aSoundThatWasNotMeasuredYetIsNotFoundByTheNextRender() throws Exception {
    Path source =
        Renders.card(folder, TestCard.builder().size(192, 108).channels(1).build(), 2_000_000);
    RenderSpec spec = Renders.spec(Renders.WIDE, new TimeSpan(0, 1_500_000));
    Path chunks = folder.resolve("stopped");
    ChunkFolder kept = new ChunkFolder(chunks, Long.MAX_VALUE);
    Stop onceEncoded =
        new Stop() {
          @Override
          void check() {
            String[] coded = chunks.toFile().list((place, name) -> name.endsWith(".chunk"));
            if (coded.length > 0) {
              ask();
            }
            super.check();
          }
        };
    HalcyonException stopped =
        assertThrows(
            HalcyonException.class, () -> new SoundMaster(spec, kept, onceEncoded).make(source));
    assertEquals(ErrorCode.CANCELLED, stopped.code());
    assertFalse(kept.has(spec.soundKey()));
    assertEquals(0, chunks.toFile().list().length, "files are left behind");
    new SoundMaster(spec, kept, new Stop()).make(source);
    assertTrue(kept.has(spec.soundKey()));
    assertEquals(1, chunks.toFile().list().length, "only the sound");
  }

  @Test
  void denoisedSoundStaysInStep() throws Throwable {
    Path source = Renders.card(folder, TestCard.builder().size(320, 180).build(), 5_000_000);
    RenderSpec plain = Renders.spec(Renders.WIDE, new TimeSpan(1_000_000, 4_000_000));
    RenderSpec spec =
        new RenderSpec(
            plain.tools(),
            plain.source(),
            plain.timeline(),
            plain.picture(),
            plain.coding(),
            plain.crop(),
            plain.captions(),
            SoundForm.USUAL.withDenoise(Denoise.SPECTRAL));
    assertNoLeak(
        () -> {
          new ClipRenderer(1)
              .render(
                  spec,
                  source,
                  folder.resolve("clip.mp4"),
                  Renders.folder(folder),
                  RenderListener.NONE);
          Verdict verdict = TestCardJudge.judge(folder.resolve("clip.mp4"));
          assertTrue(verdict.skew().orElseThrow().maxAbsUs() <= 10_000, verdict::toString);
        });
  }
}
