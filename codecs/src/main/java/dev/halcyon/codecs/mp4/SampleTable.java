package dev.halcyon.codecs.mp4;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The samples of one track in decoding order: primitive columns, so that hours of media fit in
 * little memory. Not thread-safe while samples are added.
 */
public final class SampleTable {
  /** Sizes and durations are unsigned 32-bit in the file; ours stay below the sign. */
  private static final long MAX_FIELD = Integer.MAX_VALUE;

  private int count;
  private int[] sizesBytes = new int[256];
  private int[] durationsTicks = new int[256];
  private int[] compositionOffsetsTicks = new int[256];
  private short[] formatIndexes = new short[256];
  private final BitSet syncs = new BitSet();
  private long totalBytes;
  private long totalTicks;

  /** What a sample is beside its numbers. */
  public enum Kind {
    /** Decoding may begin here. */
    SYNC,
    OTHER
  }

  /**
   * @param durationTicks distance to the next sample's decoding time
   * @param compositionOffsetTicks presentation time minus decoding time
   * @param formatIndex which of the track's formats it is coded with
   * @throws HalcyonException CORRUPT_MEDIA when a number does not fit into the format
   */
  public SampleTable add(
      int sizeBytes, long durationTicks, long compositionOffsetTicks, Kind kind, int formatIndex) {
    if (sizeBytes < 0
        || durationTicks < 0
        || durationTicks > MAX_FIELD
        || Math.abs(compositionOffsetTicks) > MAX_FIELD
        || formatIndex < 0
        || formatIndex > Short.MAX_VALUE) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          "a sample does not fit into MP4 [sizeBytes="
              + sizeBytes
              + ", durationTicks="
              + durationTicks
              + ", compositionOffsetTicks="
              + compositionOffsetTicks
              + "]");
    }
    grow();
    sizesBytes[count] = sizeBytes;
    durationsTicks[count] = (int) durationTicks;
    compositionOffsetsTicks[count] = (int) compositionOffsetTicks;
    formatIndexes[count] = (short) formatIndex;
    syncs.set(count, kind == Kind.SYNC);
    totalBytes += sizeBytes;
    totalTicks += durationTicks;
    count++;
    return this;
  }

  public int count() {
    return count;
  }

  public int sizeBytes(int sample) {
    return sizesBytes[sample];
  }

  int durationTicks(int sample) {
    return durationsTicks[sample];
  }

  int compositionOffsetTicks(int sample) {
    return compositionOffsetsTicks[sample];
  }

  int formatIndex(int sample) {
    return formatIndexes[sample];
  }

  boolean isSync(int sample) {
    return syncs.get(sample);
  }

  /** Whether a presentation time differs from its decoding time. */
  boolean isReordered() {
    return IntStream.range(0, count).anyMatch(i -> compositionOffsetsTicks[i] != 0);
  }

  boolean hasNegativeOffset() {
    return IntStream.range(0, count).anyMatch(i -> compositionOffsetsTicks[i] < 0);
  }

  boolean isEveryDuration(int ticks) {
    return IntStream.range(0, count).allMatch(i -> durationsTicks[i] == ticks);
  }

  boolean isOneFormat() {
    return IntStream.range(0, count).allMatch(i -> formatIndexes[i] == formatIndexes[0]);
  }

  boolean isAllSync() {
    return syncs.cardinality() == count;
  }

  long totalBytes() {
    return totalBytes;
  }

  long totalTicks() {
    return totalTicks;
  }

  int largestBytes() {
    return Arrays.stream(sizesBytes, 0, count).max().orElse(0);
  }

  private void grow() {
    if (count == sizesBytes.length) {
      sizesBytes = Arrays.copyOf(sizesBytes, 2 * count);
      durationsTicks = Arrays.copyOf(durationsTicks, 2 * count);
      compositionOffsetsTicks = Arrays.copyOf(compositionOffsetsTicks, 2 * count);
      formatIndexes = Arrays.copyOf(formatIndexes, 2 * count);
    }
  }
}
