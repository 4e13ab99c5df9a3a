package dev.halcyon.codecs.session;

/** A packet's place among others. Times are stream time. */
sealed interface TimedPacket permits RangePacket, SessionPacket {
  /** Index of its track. */
  int track();

  boolean isKeyframe();

  long ptsUs();

  long dtsUs();

  /** 0 when unknown. */
  long durationUs();

  int sizeBytes();
}
