package dev.halcyon.ring;

/** Where a writer goes on. */
record Recovered(
    long tailPosition,
    long tailUs,
    long headPosition,
    long nextSeq,
    int generation,
    long nextCheckpoint,
    boolean isShrunk,
    RecoveryReport report) {
  static final Recovered NEW = new Recovered(0, 0, 0, 0, 1, 0, false, RecoveryReport.NEW);
}
