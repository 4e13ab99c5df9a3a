package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Words and numbers for people who watch a run. */
final class ProgressText {
  private ProgressText() {}

  /** {@code sound, scenes, faces}. */
  static String name(Set<StepKey> steps) {
    return steps.stream().sorted().map(ProgressText::name).collect(Collectors.joining(", "));
  }

  static String name(StepKey step) {
    return switch (step.name()) {
      case INGEST -> "source";
      case TRANSCRIBE -> "transcript";
      case DIARIZE -> "speakers";
      case SCENE_DETECT -> "scenes";
      case FACE_TRACK -> "faces";
      case AUDIO_ANALYZE -> "sound";
      case CLIP_SELECT -> "selection";
      case RENDER -> step.part();
      case EXPORT -> "files";
    };
  }

  /** {@code 0:42}, {@code 1:02:03}. */
  static String clock(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** {@code 0.4 s}, {@code 12 s}, {@code 3:07}. */
  static String took(Duration duration) {
    double seconds = duration.toMillis() / 1e3;
    return seconds < 9.95
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : seconds < 60 ? String.format(Locale.ROOT, "%.0f s", seconds) : clock(duration);
  }

  /** {@code 6.3×}: how much faster than it plays; empty when nothing is known. */
  static String speed(long mediaUs, Duration elapsed) {
    double factor = elapsed.isZero() ? 0 : mediaUs / 1e3 / elapsed.toMillis();
    if (!(factor > 0.005) || Double.isInfinite(factor)) {
      return "";
    }
    return String.format(Locale.ROOT, factor < 9.95 ? "%.1f×" : "%.0f×", factor);
  }

  /** What is left when it goes on as it went; negative when too little is known. */
  static Duration left(double done, Duration elapsed) {
    boolean isKnown = done > 0.02 && elapsed.toMillis() > 500;
    return isKnown
        ? Duration.ofMillis((long) (elapsed.toMillis() * (1 - done) / done))
        : Duration.ofMillis(-1);
  }

  /** Whether a step goes through media, so that its speed means something. */
  static boolean isThroughMedia(Set<StepKey> steps) {
    return steps.stream()
        .anyMatch(key -> StepName.ONE_DECODE.contains(key.name()) || key.name() == StepName.RENDER);
  }
}
