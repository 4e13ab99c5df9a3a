package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.audio.LevelMeter;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.analysis.SoundCurves;
import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.AudioSignals;
import dev.halcyon.core.detect.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Measures the sound of a file as it is decoded: by the meter and the detector of live streams, and
 * by what only a whole file allows. Plain Java, one thread.
 */
final class SoundAnalyser {
  /** EBU R128: blocks this far below the mean of those over the absolute gate do not count. */
  private static final double RELATIVE_GATE_LU = 10;

  /** BS.1770-4: loudness of mean square 1. */
  private static final double OFFSET_DB = -0.691;

  /** A file cannot make the curves longer than this: 24 h. */
  private static final int MAX_STEPS = 24 * 36_000;

  private final LevelMeter meter = new LevelMeter();
  private final AudioSignals detector = new AudioSignals();
  private final SoundCurves.Builder curves = new SoundCurves.Builder();
  private final SpeechFinder speech = new SpeechFinder();
  private final List<Signal> signals = new ArrayList<>();
  private final PeakMeter peaks = new PeakMeter();

  /** Takes the next run of sound, in media time. */
  void add(AudioBlock block) {
    if (block.ptsUs() < 0 || block.endUs() / SoundCurves.STEP_US > MAX_STEPS) {
      return; // time stamps of a damaged file
    }
    peaks.add(block);
    speech.add(block);
    meter.add(block, this::onLevel);
  }

  private void onLevel(AudioLevel level) {
    detector.onLevel(level).ifPresent(signals::add);
    int step = (int) ((level.atUs() - 1) / SoundCurves.STEP_US);
    if (step < curves.size()) {
      return;
    }
    for (int i = curves.size(); i < step; i++) {
      curves.add(AudioLevel.SILENCE_LUFS, peaks.db(i), 0, 0, 0);
    }
    curves.add(
        level.momentaryLufs(),
        peaks.db(step),
        level.flatness(),
        level.centroidHz(),
        level.zeroCrossingRate());
  }

  /**
   * @param durationUs of the file: where there is no sound there is silence
   */
  SoundAnalysis end(long durationUs) {
    detector.onEnd().ifPresent(signals::add);
    int steps = (int) Math.min(MAX_STEPS, -Math.floorDiv(-durationUs, SoundCurves.STEP_US));
    for (int i = curves.size(); i < steps; i++) {
      curves.add(AudioLevel.SILENCE_LUFS, peaks.db(i), 0, 0, 0);
    }
    SoundCurves whole = curves.build();
    SpeechFinder.Regions regions = speech.end(durationUs);
    return new SoundAnalysis(
        whole, regions.speech(), regions.silence(), integratedLufs(whole), signals);
  }

  /** ITU-R BS.1770-4, gated twice; blocks of 400 ms every 100 ms are what the curve holds. */
  static OptionalDouble integratedLufs(SoundCurves curves) {
    double ungated = mean(curves, AudioLevel.SILENCE_LUFS);
    if (Double.isNaN(ungated)) {
      return OptionalDouble.empty();
    }
    double gated = mean(curves, ungated - RELATIVE_GATE_LU);
    return Double.isNaN(gated) ? OptionalDouble.empty() : OptionalDouble.of(gated);
  }

  /** Of the blocks louder than a gate; NaN when none is. */
  private static double mean(SoundCurves curves, double gateLufs) {
    double sum = 0;
    int blocks = 0;
    for (int i = 0; i < curves.size(); i++) {
      double lufs = curves.momentaryLufs(i);
      if (lufs > Math.max(gateLufs, AudioLevel.SILENCE_LUFS)) {
        sum += Math.pow(10, (lufs - OFFSET_DB) / 10);
        blocks++;
      }
    }
    return blocks == 0 ? Double.NaN : OFFSET_DB + 10 * Math.log10(sum / blocks);
  }
}
