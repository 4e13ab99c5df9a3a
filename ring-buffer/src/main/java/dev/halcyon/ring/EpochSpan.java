package dev.halcyon.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** An epoch's anchor and the stream time that its packets cover. One thread stores, any reads. */
final class EpochSpan {
  private static final VarHandle FROM_US = handle("fromUs");
  private static final VarHandle TO_US = handle("toUs");

  private final int epoch;
  private final long anchorStreamUs;
  private final long anchorWallUs;
  private long fromUs = Long.MAX_VALUE;
  private long toUs = Long.MIN_VALUE;

  EpochSpan(int epoch, long anchorStreamUs, long anchorWallUs) {
    this.epoch = epoch;
    this.anchorStreamUs = anchorStreamUs;
    this.anchorWallUs = anchorWallUs;
  }

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(EpochSpan.class, field, long.class);
    } catch (ReflectiveOperationException failure) {
      throw new ExceptionInInitializerError(failure);
    }
  }

  void cover(long ptsUs, long endUs) {
    if (ptsUs < fromUs) {
      FROM_US.setOpaque(this, ptsUs);
    }
    if (endUs > toUs) {
      TO_US.setOpaque(this, endUs);
    }
  }

  int epoch() {
    return epoch;
  }

  long anchorStreamUs() {
    return anchorStreamUs;
  }

  long anchorWallUs() {
    return anchorWallUs;
  }

  /** {@code Long.MAX_VALUE} while there is no packet. */
  long fromUs() {
    return (long) FROM_US.getOpaque(this);
  }

  long toUs() {
    return (long) TO_US.getOpaque(this);
  }
}
