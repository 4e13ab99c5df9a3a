package dev.halcyon.codecs.verify;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.clip.verify.MeasuredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Follows the decoded sound of a file. One thread. */
final class SoundGauge {
  /** What cut planning takes for jitter of stamps is no gap. */
  private static final long TOLERANCE_US = 20_000;

  /** What rounding to whole milliseconds may do to stamps; what silence is filled with is more. */
  private static final long ROUNDING_US = 500;

  private static final int MAX_GAPS = 10_000;

  /** −80 dBFS: what decoders make of silence, and nobody hears. */
  private static final float SILENT = 1e-4f;

  private final List<Gap> gaps = new ArrayList<>();
  private final List<Gap> silences = new ArrayList<>();
  private boolean isHeard;
  private long startUs;
  private long anchorUs;
  private long samplesSinceAnchor;
  private int rateHz = 1;

  /**
   * @param atUs {@code AV_NOPTS_VALUE} where the file does not say
   * @param mono the samples of all channels, mixed
   */
  void onSound(long atUs, float[] mono, int sampleRateHz) {
    long beforeUs = isHeard ? endUs() : 0;
    onSound(atUs, mono.length, sampleRateHz);
    if (isSilent(mono)) {
      addSilence(Math.max(beforeUs, endUs() - mono.length * 1_000_000L / rateHz), endUs());
    }
  }

  private static boolean isSilent(float[] mono) {
    for (float sample : mono) {
      if (Math.abs(sample) > SILENT) {
        return false;
      }
    }
    return true;
  }

  private void addSilence(long fromUs, long toUs) {
    boolean goesOn = !silences.isEmpty() && fromUs - silences.getLast().endUs() <= TOLERANCE_US;
    if (goesOn) {
      long startedUs = silences.removeLast().atUs();
      silences.add(new Gap(startedUs, toUs - startedUs));
    } else if (silences.size() < MAX_GAPS && toUs > fromUs) {
      silences.add(new Gap(fromUs, toUs - fromUs));
    }
  }

  private void onSound(long atUs, int samples, int sampleRateHz) {
    if (!isHeard) {
      isHeard = true;
      startUs = atUs == AV_NOPTS_VALUE ? 0 : atUs;
      anchor(startUs, sampleRateHz);
    } else if (atUs != AV_NOPTS_VALUE && atUs - endUs() > TOLERANCE_US) {
      if (gaps.size() < MAX_GAPS) {
        gaps.add(new Gap(endUs(), atUs - endUs()));
      }
      anchor(atUs, sampleRateHz);
    } else if (atUs != AV_NOPTS_VALUE && Math.abs(atUs - endUs()) > ROUNDING_US) {
      anchor(atUs, sampleRateHz);
    } else if (sampleRateHz != rateHz) {
      anchor(endUs(), sampleRateHz);
    }
    samplesSinceAnchor += samples;
  }

  private void anchor(long atUs, int sampleRateHz) {
    anchorUs = atUs;
    samplesSinceAnchor = 0;
    rateHz = Math.max(1, sampleRateHz);
  }

  private long endUs() {
    return anchorUs + samplesSinceAnchor * 1_000_000 / rateHz;
  }

  /**
   * @param editedEndUs where the edit list ends the sound (FFmpeg decodes the last packet whole,
   *     players do not play it whole); empty where the file has none
   * @param trimUs what the edit list skips in front
   */
  Optional<MeasuredFile.Sound> measured(OptionalLong editedEndUs, long trimUs) {
    if (!isHeard) {
      return Optional.empty();
    }
    long endUs = Math.min(endUs(), editedEndUs.orElse(Long.MAX_VALUE));
    return Optional.of(new MeasuredFile.Sound(startUs, endUs, trimUs, gaps, silences));
  }
}
