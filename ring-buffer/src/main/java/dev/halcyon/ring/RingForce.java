package dev.halcyon.ring;

import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * Makes what was appended survive a loss of power: writes out the records that are new, waits for
 * the disk, and only then the header page, by which they are found. On one of {@link RingDisk}'s
 * threads; the figures in any.
 */
final class RingForce {
  /** Writes out a stretch of the file and waits. */
  interface Disk {
    /**
     * @throws UncheckedIOException when the disk does not take it
     */
    void force(Mapping mapping, long fileOffset, long length);

    /**
     * Has the next force write out a stretch in any case. A system takes pages that it could not
     * write for written (Linux does): the next force of them alone would succeed and say nothing.
     */
    default void renew(Mapping mapping, long fileOffset, long length) {
      mapping.makeWritable(fileOffset, length);
    }
  }

  private static final long LOG_EVERY_NS = TimeUnit.MINUTES.toNanos(1);

  private final RingFile file;
  private final Disk disk;
  private boolean isClosed;
  private boolean hasFailed;
  private long loggedNs;
  private volatile long forcedPosition;
  private volatile long asOfNs = System.nanoTime();
  private volatile long failures;

  RingForce(RingFile file, Disk disk) {
    this.file = file;
    this.disk = disk;
    this.forcedPosition = file.tail();
  }

  /** All that is new since the last time that succeeded. Blocks on the disk. */
  synchronized void run() {
    if (isClosed) {
      return;
    }
    long nowNs = System.nanoTime();
    long head = file.committed();
    try {
      if (head != forcedPosition) {
        forceRecords(head);
        force(file.firstMapping(), 0, RingLayout.HEADER_BYTES);
        forcedPosition = head;
        hasFailed = false;
      }
      asOfNs = nowNs;
    } catch (UncheckedIOException failure) {
      hasFailed = true;
      failures++;
      if (failures == 1 || nowNs - loggedNs >= LOG_EVERY_NS) {
        loggedNs = nowNs;
        System.getLogger(RingForce.class.getName())
            .log(
                System.Logger.Level.ERROR,
                "a ring is not safe against a loss of power [file=" + file.path() + "]",
                failure);
      }
    }
  }

  /** At most two stretches: the ring's end may lie between. */
  private void forceRecords(long head) {
    Geometry geometry = file.geometry(); // taken after the head: all up to there is laid by it
    long oldest = Math.max(geometry.basePosition(), head - geometry.capacityBytes());
    for (long position = Math.max(forcedPosition, oldest); position < head; ) {
      long offset = geometry.offsetOf(position);
      long length = Math.min(head - position, geometry.capacityBytes() - offset);
      force(geometry.mapping(), RingLayout.HEADER_BYTES + offset, length);
      position += length;
    }
  }

  private void force(Mapping mapping, long fileOffset, long length) {
    if (hasFailed) {
      disk.renew(mapping, fileOffset, length);
    }
    disk.force(mapping, fileOffset, length);
  }

  /** Up to here all survives a loss of power. */
  long forcedPosition() {
    return forcedPosition;
  }

  /** How long ago that was all there was; 0 when it still is. */
  long lagNs() {
    return file.committed() == forcedPosition ? 0 : System.nanoTime() - asOfNs;
  }

  /** How often the disk did not take it. */
  long failures() {
    return failures;
  }

  /** Once more, then never again. */
  synchronized void close() {
    run();
    isClosed = true;
  }
}
