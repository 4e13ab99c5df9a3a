package dev.halcyon.codecs.audio;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Resampler16kTest {
  private static float wave(long sample, int rateHz) {
    return (float) (0.5 * Math.sin(2 * Math.PI * 440 * sample / rateHz));
  }

  @ParameterizedTest
  @CsvSource({"48000,2", "44100,2", "16000,1", "22050,1", "48000,6"})
  void keepsTimeAndToneOfTheSound(int rateHz, int channels) throws Throwable {
    assertNoLeak(
        () -> {
          List<Speaker> speakers =
              switch (channels) {
                case 1 -> Speaker.MONO;
                case 2 -> Speaker.STEREO;
                default -> Speaker.SURROUND_5_1;
              };
          long[] samples = new long[1];
          try (Resampler16k resampler = new Resampler16k(rateHz, channels)) {
            for (int block = 0; block < 50; block++) {
              float[][] planes = new float[channels][1_024];
              for (int i = 0; i < 1_024; i++) {
                for (int channel = 0; channel < Math.min(2, channels); channel++) {
                  planes[channel][i] = wave(block * 1_024L + i, rateHz);
                }
              }
              long ptsUs = 5_000_000 + block * 1_024_000_000L / rateHz;
              resampler.add(
                  new AudioBlock(ptsUs, rateHz, speakers, planes, 1_024),
                  out -> {
                    assertEquals(16_000, out.sampleRateHz());
                    assertEquals(Speaker.MONO, out.speakers());
                    assertTrue(
                        Math.abs(out.ptsUs() - 5_000_000 - samples[0] * 1_000_000 / 16_000) < 200,
                        "time " + out.ptsUs() + " after " + samples[0] + " samples");
                    if (samples[0] > 1_000 && channels <= 2) {
                      assertSine(out, samples[0]);
                    }
                    samples[0] += out.samples();
                  });
            }
          }
          double expected = 50 * 1_024.0 * 16_000 / rateHz;
          assertEquals(expected, (double) samples[0], 64);
        });
  }

  /** In phase: the resampler's delay is in the block's time, not in its samples. */
  private static void assertSine(AudioBlock out, long firstSample) {
    for (int i = 0; i < out.samples(); i++) {
      assertEquals(wave(firstSample + i, 16_000), out.planes()[0][i], 0.02);
    }
  }

  @Test
  void refusesAnotherFormat() throws Throwable {
    assertNoLeak(
        () -> {
          try (Resampler16k resampler = new Resampler16k(48_000, 2)) {
            AudioBlock mono = new AudioBlock(0, 48_000, Speaker.MONO, new float[1][16], 16);
            assertThrows(IllegalArgumentException.class, () -> resampler.add(mono, out -> {}));
          }
        });
  }
}
