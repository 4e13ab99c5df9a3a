package dev.halcyon.codecs.analyse;

/** Is told how far an analysis has come, a few times a second, on the thread that runs it. */
@FunctionalInterface
public interface AnalysisListener {
  /** Tells nobody. */
  AnalysisListener NONE = (fraction, mediaUs) -> {};

  /**
   * @param fraction of the whole, 0..1, never less than before
   * @param mediaUs media time that has been analysed
   */
  void onProgress(double fraction, long mediaUs);
}
