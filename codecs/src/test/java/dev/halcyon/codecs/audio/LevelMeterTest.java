package dev.halcyon.codecs.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.detect.AudioLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LevelMeterTest {
  private static final double SILENCE = AudioLevel.SILENCE_LUFS;

  /** A signal: value of a channel at a time in seconds. */
  @FunctionalInterface
  private interface Sound {
    double at(int channel, double second);
  }

  private static List<AudioLevel> measure(
      int rateHz, List<Speaker> speakers, double seconds, Sound sound) {
    LevelMeter meter = new LevelMeter();
    List<AudioLevel> levels = new ArrayList<>();
    long total = Math.round(seconds * rateHz);
    int blockSamples = 1_024;
    for (long at = 0; at < total; at += blockSamples) {
      int samples = (int) Math.min(blockSamples, total - at);
      float[][] planes = new float[speakers.size()][samples];
      for (int channel = 0; channel < planes.length; channel++) {
        for (int i = 0; i < samples; i++) {
          planes[channel][i] = (float) sound.at(channel, (double) (at + i) / rateHz);
        }
      }
      meter.add(
          new AudioBlock(at * 1_000_000 / rateHz, rateHz, speakers, planes, samples), levels::add);
    }
    return levels;
  }

  private static Sound sine(double hz, DoubleUnaryOperator peakDbfs) {
    return (channel, second) ->
        Math.pow(10, peakDbfs.applyAsDouble(second) / 20) * Math.sin(2 * Math.PI * hz * second);
  }

  private static Sound sine(double hz, double peakDbfs) {
    return sine(hz, second -> peakDbfs);
  }

  @Test
  void weightsAsTheTablesOfBs1770At48kHz() {
    assertArrayEquals(
        new double[] {
          1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585
        },
        Biquad.headShelf(48_000).coefficients(),
        1e-9);
    assertArrayEquals(
        new double[] {1, -2, 1, -1.99004745483398, 0.99007225036621},
        Biquad.rlbHighPass(48_000).coefficients(),
        1e-9);
  }

  /** EBU Tech 3341 table 1, cases 1 and 2: a steady 1 kHz stereo sine. */
  @ParameterizedTest
  @ValueSource(doubles = {-23, -33, -36})
  void readsASteadySineAtItsLevel(double dbfs) {
    for (int rateHz : new int[] {8_000, 22_050, 44_100, 48_000, 96_000}) {
      List<AudioLevel> levels = measure(rateHz, Speaker.STEREO, 3, sine(1_000, dbfs));
      assertEquals(27, levels.size(), "10 a second, from 400 ms on");
      for (AudioLevel level : levels.subList(3, levels.size())) {
        assertEquals(dbfs, level.momentaryLufs(), 0.1, "rate " + rateHz);
      }
    }
  }

  /** EBU Tech 3341 case 6: −28, −24 (centre), −30 dBFS (surround), LFE not counted: −23 LUFS. */
  @Test
  void weighsTheChannelsOfSurroundSound() {
    double[] dbfs = {-28, -28, -24, 0, -30, -30};
    List<AudioLevel> levels =
        measure(
            48_000,
            Speaker.SURROUND_5_1,
            2,
            (channel, second) ->
                Math.pow(10, dbfs[channel] / 20) * Math.sin(2 * Math.PI * 1_000 * second));
    for (AudioLevel level : levels.subList(3, levels.size())) {
      assertEquals(-23, level.momentaryLufs(), 0.1);
    }
  }

  @Test
  void readsMonoThreeDecibelsUnderTheSameInStereo() {
    List<AudioLevel> levels = measure(48_000, Speaker.MONO, 2, sine(1_000, -23));
    assertEquals(-26.01, levels.getLast().momentaryLufs(), 0.1);
  }

  /**
   * EBU Tech 3341 case 12 (momentary): tones of 0.18 s at −20 dBFS and 0.22 s at −30 dBFS, over and
   * over: every window of 400 ms reads −23.0 ±0.1.
   */
  @Test
  void holdsALevelThatAlternatesWithinTheWindow() {
    List<AudioLevel> levels =
        measure(48_000, Speaker.STEREO, 5, sine(1_000, second -> second % 0.4 < 0.18 ? -20 : -30));
    for (AudioLevel level : levels.subList(6, levels.size())) {
      assertEquals(-23, level.momentaryLufs(), 0.1, "at " + level.atUs());
    }
  }

  /**
   * EBU Tech 3341 case 13 at our step: a 400 ms tone aligned to a hop reads its full level once.
   */
  @Test
  void reachesTheFullLevelOfATone400MsLong() {
    List<AudioLevel> levels =
        measure(
            48_000,
            Speaker.STEREO,
            2,
            sine(1_000, second -> second >= 0.7 && second < 1.1 ? -23 : -120));
    AudioLevel loudest =
        levels.stream()
            .max(java.util.Comparator.comparingDouble(AudioLevel::momentaryLufs))
            .orElseThrow();
    assertEquals(-23, loudest.momentaryLufs(), 0.1);
    assertEquals(1_100_000, loudest.atUs(), "the window's end");
  }

  @Test
  void stampsEachLevelWithTheEndOfItsWindow() {
    List<AudioLevel> levels = measure(44_100, Speaker.STEREO, 1.05, sine(1_000, -23));
    assertEquals(
        List.of(400_000L, 500_000L, 600_000L, 700_000L, 800_000L, 900_000L, 1_000_000L),
        levels.stream().map(level -> Math.round(level.atUs() / 100.0) * 100).toList());
  }

  @Test
  void readsSilenceAsTheGate() {
    List<AudioLevel> levels = measure(48_000, Speaker.STEREO, 5, (channel, second) -> 0);
    assertTrue(
        levels.stream()
            .allMatch(
                level ->
                    level.momentaryLufs() == SILENCE
                        && level.flatness() == 0
                        && level.centroidHz() == 0
                        && level.zeroCrossingRate() == 0));
  }

  @Test
  void tellsNoiseFromATone() {
    Random random = new Random(3);
    AudioLevel noise =
        measure(48_000, Speaker.MONO, 2, (channel, second) -> 0.2 * random.nextGaussian())
            .getLast();
    AudioLevel tone = measure(48_000, Speaker.MONO, 2, sine(2_000, -20)).getLast();
    assertTrue(noise.flatness() > 0.85, "noise " + noise);
    assertTrue(tone.flatness() < 0.001, "tone " + tone);
    assertEquals(12_000, noise.centroidHz(), 600, "half the bandwidth");
    assertEquals(2_000, tone.centroidHz(), 30);
    assertEquals(0.5, noise.zeroCrossingRate(), 0.03);
    assertEquals(2 * 2_000.0 / 48_000, tone.zeroCrossingRate(), 0.001);
  }

  @Test
  void beginsAnewAfterAGap() {
    LevelMeter meter = new LevelMeter();
    List<Long> times = new ArrayList<>();
    float[][] planes = new float[1][4_800];
    for (int i = 0; i < 10; i++) {
      long ptsUs = i * 100_000L + (i >= 5 ? 2_000_000 : 0);
      meter.add(
          new AudioBlock(ptsUs, 48_000, Speaker.MONO, planes, 4_800),
          level -> times.add(level.atUs()));
    }
    assertEquals(List.of(400_000L, 500_000L, 2_900_000L, 3_000_000L), times);
  }

  @Test
  void toleratesTheJitterOfMillisecondStamps() {
    LevelMeter meter = new LevelMeter();
    List<Long> times = new ArrayList<>();
    float[][] planes = new float[1][1_024];
    for (int i = 0; i < 100; i++) {
      long ptsUs = i * 1_024_000_000L / 44_100 / 1_000 * 1_000;
      meter.add(
          new AudioBlock(ptsUs, 44_100, Speaker.MONO, planes, 1_024),
          level -> times.add(level.atUs()));
    }
    assertEquals(20, times.size());
    for (int i = 0; i < times.size(); i++) {
      assertTrue(Math.abs(400_000 + i * 100_000L - times.get(i)) <= 1_000, "hop " + i);
    }
  }

  @Test
  void transformsAsTheDefinitionSays() {
    Random random = new Random(5);
    for (int size : new int[] {4, 64, 512}) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian();
      }
      RealFft fft = new RealFft(size);
      double[] power = new double[fft.bins()];
      fft.addPower(values, power);
      for (int bin = 0; bin < fft.bins(); bin++) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < size; i++) {
          re += values[i] * Math.cos(2 * Math.PI * bin * i / size);
          im += values[i] * Math.sin(2 * Math.PI * bin * i / size);
        }
        assertEquals(re * re + im * im, power[bin], 1e-6 * size * size, "seed 5, bin " + bin);
      }
    }
  }
}
