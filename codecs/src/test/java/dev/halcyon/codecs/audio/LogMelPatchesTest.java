package dev.halcyon.codecs.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.TestMedia;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogMelPatchesTest {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Patch(long fromUs, long toUs, float[] values) {}

  private final List<Patch> patches = new ArrayList<>();
  private final LogMelPatches frontEnd = new LogMelPatches();

  private void add(float[] samples, long ptsUs) {
    frontEnd.add(
        new AudioBlock(ptsUs, 16_000, Speaker.MONO, new float[][] {samples}, samples.length),
        (fromUs, toUs, values) -> patches.add(new Patch(fromUs, toUs, values)));
  }

  private static float[] tone(double hz, int samples) {
    float[] tone = new float[samples];
    for (int i = 0; i < samples; i++) {
      tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * hz * i / 16_000));
    }
    return tone;
  }

  /**
   * Published input and output of a front end for this model, which works in fixed point at another
   * gain: in the logarithm a constant, and noise where a band holds next to nothing.
   */
  @Test
  void computesWhatTheReferenceComputes() throws Exception {
    ShortBuffer heard =
        ByteBuffer.wrap(Files.readAllBytes(TestMedia.model("yamnet_reference_audio.bin")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asShortBuffer();
    FloatBuffer wanted =
        ByteBuffer.wrap(Files.readAllBytes(TestMedia.model("yamnet_reference_spectra.bin")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] samples = new float[heard.remaining()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = heard.get(i) / 32768f;
    }
    add(samples, 0);
    assertEquals(1, patches.size());
    float[] patch = patches.getFirst().values();
    assertEquals(wanted.remaining(), patch.length);
    double gain = 0;
    for (int i = 0; i < patch.length; i++) {
      gain += (wanted.get(i) - patch[i]) / patch.length;
    }
    double squares = 0;
    double worst = 0;
    for (int i = 0; i < patch.length; i++) {
      double difference = wanted.get(i) - patch[i] - gain;
      squares += difference * difference / patch.length;
      worst = patch[i] > -3 ? Math.max(worst, Math.abs(difference)) : worst;
    }
    String found =
        "front end of YAMNet: gain %.3f, rms %.4f, largest %.3f"
            .formatted(gain, Math.sqrt(squares), worst);
    System.out.println(found);
    assertTrue(Math.sqrt(squares) < 0.02 && worst < 0.1, found);
  }

  /** By the definition, slowly. */
  @Test
  void computesWhatTheDefinitionSays() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    float[] samples = new float[15_600];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (random.nextGaussian() * 0.1);
    }
    add(samples, 0);
    float[] patch = patches.getFirst().values();
    for (int frame : new int[] {0, 41, 95}) {
      double[] magnitudes = new double[257];
      for (int bin = 0; bin < magnitudes.length; bin++) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < 400; i++) {
          double value = samples[frame * 160 + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / 400));
          re += value * Math.cos(2 * Math.PI * bin * i / 512);
          im -= value * Math.sin(2 * Math.PI * bin * i / 512);
        }
        magnitudes[bin] = Math.hypot(re, im);
      }
      for (int band = 0; band < 64; band++) {
        double sum = 0;
        for (int bin = 1; bin < magnitudes.length; bin++) {
          double rise = (mel(bin * 31.25) - edge(band)) / (edge(band + 1) - edge(band));
          double fall = (edge(band + 2) - mel(bin * 31.25)) / (edge(band + 2) - edge(band + 1));
          sum += magnitudes[bin] * Math.max(0, Math.min(rise, fall));
        }
        assertEquals(Math.log(sum + 0.001), patch[frame * 64 + band], 1e-4, "seed " + seed);
      }
    }
  }

  private static double mel(double hz) {
    return 1_127 * Math.log1p(hz / 700);
  }

  private static double edge(int index) {
    return mel(125) + index * (mel(7_500) - mel(125)) / 65;
  }

  @Test
  void aPatchComesEveryHalfSecondAndSaysWhenItWas() {
    float[] sound = tone(440, 16_000 * 3);
    for (int from = 0; from < sound.length; from += 1_000) {
      add(Arrays.copyOfRange(sound, from, from + 1_000), 5_000_000 + from * 125L / 2);
    }
    assertEquals(5, patches.size());
    for (int i = 0; i < patches.size(); i++) {
      assertEquals(5_000_000 + i * 480_000L, patches.get(i).fromUs());
      assertEquals(5_975_000 + i * 480_000L, patches.get(i).toUs());
    }
  }

  @Test
  void aToneIsLoudestInItsBand() {
    add(tone(1_000, 16_000), 0);
    float[] patch = patches.getFirst().values();
    int loudest = 0;
    for (int band = 0; band < LogMelPatches.BANDS; band++) {
      loudest = patch[band] > patch[loudest] ? band : loudest;
    }
    // (mel(1000) - mel(125)) / step - 1 with mel(f) = 1127 ln(1 + f / 700)
    assertEquals(19, loudest);
  }

  @Test
  void aGapBeginsAnew() {
    add(tone(440, 12_000), 0);
    add(tone(440, 12_000), 9_000_000);
    assertEquals(List.of(), patches, "neither run is as long as a patch");
    add(tone(440, 4_000), 9_750_000);
    assertEquals(9_000_000, patches.getFirst().fromUs());
  }
}
