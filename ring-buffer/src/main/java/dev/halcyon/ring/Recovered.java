package dev.halcyon.ring;

/** Where a writer goes on. */
record Recovered(
    long tailPosition,
    long tailUs,
    long headPosition,
    long nextSeq,
    int generation,
    long nextCheckpoint,
    Geometry geometry,
    boolean isShrunk,
    RecoveryReport report) {
  /** Of a file that was just made. */
  static Recovered newFile(Geometry geometry) {
    return new Recovered(0, 0, 0, 0, 1, 0, geometry, false, RecoveryReport.NEW);
  }
}
