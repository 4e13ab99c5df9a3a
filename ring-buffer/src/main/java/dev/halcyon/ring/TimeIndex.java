package dev.halcyon.ring;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.StampedLock;

/**
 * Where decoding can begin, by time, across epochs: the keyframes of the first video track; in an
 * epoch without video a packet every {@value #AUDIO_SPACING_US} µs of stream time. Lookups are
 * O(log n), in any thread, and never make the writer wait.
 *
 * <p>A keyframe whose pts lies before an earlier one's counts as if at the earlier one's; likewise
 * where the wall clock stepped back. An entry that a lookup gives may be evicted before it is used:
 * the cursor then says so.
 */
public final class TimeIndex {
  static final long AUDIO_SPACING_US = 200_000;

  /**
   * Of keyframes that lie closer together than this, in a shorter time than {@value
   * #AUDIO_SPACING_US} µs, only the first is an entry: a row takes 64 bytes, so that packets of a
   * few bytes cannot fill the memory with places to begin at.
   */
  static final long ENTRY_SPACING_BYTES = 4096;

  /** A packet is noted at least this often, so that eviction by time has places to stop at. */
  static final long MARK_SPACING_US = 5_000_000;

  private static final int COLUMNS = 8;
  private static final int POSITION = 0;
  private static final int STREAM_KEY = 1;
  private static final int WALL_KEY = 2;
  private static final int PTS = 3;
  private static final int DTS = 4;
  private static final int WALL = 5;
  private static final int EPOCH = 6;
  private static final int IS_ENTRY = 7;
  private static final int FIRST_ROWS = 256;

  private final StampedLock lock = new StampedLock();
  private long[] table = new long[FIRST_ROWS * COLUMNS];

  /** Rows are numbered without end; {@code first..end-1} are held. */
  private long first;

  private long end;

  TimeIndex() {}

  /** Where a cursor finds the last entry with pts at or before {@code streamUs}. */
  public OptionalLong keyframePositionAtOrBefore(long streamUs) {
    Optional<KeyframeEntry> found = atOrBefore(streamUs);
    return found.isPresent() ? OptionalLong.of(found.get().position()) : OptionalLong.empty();
  }

  public Optional<KeyframeEntry> atOrBefore(long streamUs) {
    return read(
        (rows, from, to) ->
            lastEntryBelow(rows, from, bound(rows, from, to, STREAM_KEY, streamUs, true)));
  }

  public Optional<KeyframeEntry> firstAtOrAfter(long streamUs) {
    return read(
        (rows, from, to) ->
            firstEntryFrom(rows, bound(rows, from, to, STREAM_KEY, streamUs, false), to));
  }

  /** By wall clock of arrival, microseconds since 1970. */
  public Optional<KeyframeEntry> atOrBeforeWall(long wallUs) {
    return read(
        (rows, from, to) ->
            lastEntryBelow(rows, from, bound(rows, from, to, WALL_KEY, wallUs, true)));
  }

  /** By wall clock of arrival, microseconds since 1970. */
  public Optional<KeyframeEntry> firstAtOrAfterWall(long wallUs) {
    return read(
        (rows, from, to) ->
            firstEntryFrom(rows, bound(rows, from, to, WALL_KEY, wallUs, false), to));
  }

  public Optional<KeyframeEntry> oldest() {
    return read((rows, from, to) -> firstEntryFrom(rows, from, to));
  }

  public Optional<KeyframeEntry> newest() {
    return read((rows, from, to) -> lastEntryBelow(rows, from, to));
  }

  /** Answers a row's number or −1. May see a table in change: must end, whatever it sees. */
  private interface Lookup {
    long rowIn(long[] rows, long from, long to);
  }

  private Optional<KeyframeEntry> read(Lookup lookup) {
    while (true) {
      long stamp = lock.tryOptimisticRead();
      if (stamp != 0) {
        long[] rows = table;
        long row = lookup.rowIn(rows, first, end);
        KeyframeEntry entry = row < 0 ? null : entryAt(rows, row);
        if (lock.validate(stamp)) {
          return Optional.ofNullable(entry);
        }
      }
      Thread.onSpinWait();
    }
  }

  private static KeyframeEntry entryAt(long[] rows, long row) {
    return new KeyframeEntry(
        at(rows, row, POSITION),
        at(rows, row, PTS),
        at(rows, row, DTS),
        (int) at(rows, row, EPOCH),
        at(rows, row, WALL));
  }

  private static long at(long[] rows, long row, int column) {
    return rows[(int) ((row * COLUMNS) & (rows.length - 1)) + column];
  }

  /** The first row whose key is above {@code key}, or, unless {@code isStrict}, at or above. */
  private static long bound(
      long[] rows, long from, long to, int column, long key, boolean isStrict) {
    long low = from;
    long high = to;
    while (low < high) {
      long middle = (low + high) >>> 1;
      long value = at(rows, middle, column);
      if (value < key || (isStrict && value == key)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long lastEntryBelow(long[] rows, long from, long bound) {
    for (long row = bound - 1; row >= from; row--) {
      if (at(rows, row, IS_ENTRY) != 0) {
        return row;
      }
    }
    return -1;
  }

  private static long firstEntryFrom(long[] rows, long bound, long to) {
    for (long row = bound; row < to; row++) {
      if (at(rows, row, IS_ENTRY) != 0) {
        return row;
      }
    }
    return -1;
  }

  /** Writer only. */
  void addEntry(long position, long ptsUs, long dtsUs, long wallUs, int epoch) {
    add(position, ptsUs, dtsUs, wallUs, epoch, 1);
  }

  /** Notes a packet at which decoding cannot begin. Writer only. */
  void addMark(long position, long ptsUs, long dtsUs, long wallUs, int epoch) {
    add(position, ptsUs, dtsUs, wallUs, epoch, 0);
  }

  private void add(long position, long ptsUs, long dtsUs, long wallUs, int epoch, long isEntry) {
    boolean isEmpty = first == end;
    long streamKey = isEmpty ? ptsUs : Math.max(ptsUs, at(table, end - 1, STREAM_KEY));
    long wallKey = isEmpty ? wallUs : Math.max(wallUs, at(table, end - 1, WALL_KEY));
    long stamp = lock.writeLock();
    try {
      if ((end - first + 1) * COLUMNS > table.length) {
        grow();
      }
      int row = (int) ((end * COLUMNS) & (table.length - 1));
      table[row + POSITION] = position;
      table[row + STREAM_KEY] = streamKey;
      table[row + WALL_KEY] = wallKey;
      table[row + PTS] = ptsUs;
      table[row + DTS] = dtsUs;
      table[row + WALL] = wallUs;
      table[row + EPOCH] = epoch;
      table[row + IS_ENTRY] = isEntry;
      end++;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private void grow() {
    long[] larger = new long[table.length * 2];
    for (long row = first; row < end; row++) {
      System.arraycopy(
          table,
          (int) ((row * COLUMNS) & (table.length - 1)),
          larger,
          (int) ((row * COLUMNS) & (larger.length - 1)),
          COLUMNS);
    }
    table = larger;
  }

  /** Drops what lies before {@code position}. Writer only. */
  void evictBefore(long position) {
    if (first == end || at(table, first, POSITION) >= position) {
      return;
    }
    long stamp = lock.writeLock();
    try {
      while (first < end && at(table, first, POSITION) < position) {
        first++;
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * The position of the last row at or before {@code horizonUs}, when it is not the oldest: where
   * eviction by time moves the tail. −1 when there is nothing to evict. Writer only.
   */
  long positionAtHorizon(long horizonUs) {
    long next = first + 1;
    if (next >= end || at(table, next, STREAM_KEY) > horizonUs) {
      return -1;
    }
    return at(table, bound(table, next, end, STREAM_KEY, horizonUs, true) - 1, POSITION);
  }

  /** The position of the last row at or before {@code position}; −1 without any. Writer only. */
  long positionAtOrBefore(long position) {
    long row = bound(table, first, end, POSITION, position, true) - 1;
    return row < first ? -1 : at(table, row, POSITION);
  }

  /** The pts noted for a position that one of the two above gave. Writer only. */
  long ptsUsAt(long position) {
    return at(table, bound(table, first, end, POSITION, position, false), PTS);
  }
}
