package dev.halcyon.core.analysis;

/** What can be asked of an analysis; all parts share one decode. */
public enum AnalysisPart {
  SOUND,
  SCENES,
  FACES
}
