package dev.halcyon.codecs.analyse;

import dev.halcyon.core.analysis.AnalysisPart;
import java.time.Duration;

/** Is told of an analysis, on the thread that runs it. */
@FunctionalInterface
public interface AnalysisListener {
  /** Tells nobody. */
  AnalysisListener NONE = (fraction, mediaUs) -> {};

  /**
   * How far it has come, a few times a second.
   *
   * @param fraction of the whole, 0..1, never less than before
   * @param mediaUs media time that has been analysed
   */
  void onProgress(double fraction, long mediaUs);

  /**
   * What a part that was asked for took of its own, at the end. The pictures are decoded for all on
   * threads of FFmpeg's, which are not in here.
   *
   * @param cpu time of processors
   */
  default void onTook(AnalysisPart part, Duration cpu) {}
}
