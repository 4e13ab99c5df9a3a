package dev.halcyon.codecs.mp4;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A piece of a file that grows: a few samples of each track, decodable behind {@link
 * Mp4File#beginning} and the pieces before it. The payloads follow {@link #head} run by run.
 *
 * <pre>
 *   moof
 *   ├ mfhd              sequence number
 *   └ traf              one a run
 *     ├ tfhd            default-base-is-moof; the entry of stsd; what all samples share
 *     ├ tfdt  v1        decoding time of the first sample
 *     └ trun  v0 | v1   where the payloads begin; of each sample: duration, size, flags,
 *                       composition offset, as far as they differ; v1 where one is negative
 *   mdat
 * </pre>
 *
 * ISO/IEC 14496-12 section 8.8. Immutable; any thread.
 */
public final class MovieFragment {
  /** tfhd flags: fields that are there, and that offsets count from the moof. */
  private static final int HAS_ENTRY = 0x2;

  private static final int HAS_DURATION = 0x8;
  private static final int HAS_FLAGS = 0x20;
  private static final int BASE_IS_MOOF = 0x2_0000;

  /** trun flags. */
  private static final int HAS_DATA_OFFSET = 0x1;

  private static final int EACH_DURATION = 0x100;
  private static final int EACH_SIZE = 0x200;
  private static final int EACH_FLAGS = 0x400;
  private static final int EACH_COMPOSITION_OFFSET = 0x800;

  /** Sample flags (8.8.3.1): depends on no other; or depends on others and is no sync sample. */
  private static final long SYNC = 0x0200_0000;

  private static final long NOT_SYNC = 0x0101_0000;

  private final ByteBuffer head;
  private final List<Run> runs;

  /**
   * Consecutive samples of one track.
   *
   * @param track index into the tracks of {@link Mp4File#beginning}
   * @param decodeTicks decoding time of the first sample on the track's own time line
   * @param samples at least one, all of one format, not added to any more
   */
  public record Run(int track, long decodeTicks, SampleTable samples) {
    public Run {
      if (track < 0 || decodeTicks < 0 || samples.count() == 0 || !samples.isOneFormat()) {
        throw new IllegalArgumentException(
            "not a run [track=%d, decodeTicks=%d, samples=%d]"
                .formatted(track, decodeTicks, samples.count()));
      }
    }
  }

  private MovieFragment(ByteBuffer head, List<Run> runs) {
    this.head = head;
    this.runs = runs;
  }

  /**
   * @param sequence from 1, one more with each fragment of a file
   * @param runs at least one
   * @throws HalcyonException PAYLOAD_TOO_LARGE over 2 GiB
   */
  public static MovieFragment of(int sequence, List<Run> runs) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("a fragment needs a run");
    }
    long mediaBytes = runs.stream().mapToLong(run -> run.samples().totalBytes()).sum();
    if (mediaBytes > Integer.MAX_VALUE - (1 << 20)) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE, "a fragment of " + mediaBytes + " bytes");
    }
    int moofBytes = moof(sequence, runs, 0).length();
    BoxWriter out = moof(sequence, runs, moofBytes + 8);
    out.u32(mediaBytes + 8).ascii("mdat");
    return new MovieFragment(out.toBuffer(), List.copyOf(runs));
  }

  private static BoxWriter moof(int sequence, List<Run> runs, long mediaOffsetBytes) {
    BoxWriter out = new BoxWriter();
    out.begin("moof").beginFull("mfhd", 0, 0).u32(sequence).end();
    long offsetBytes = mediaOffsetBytes;
    for (Run run : runs) {
      writeRun(out, run, offsetBytes);
      offsetBytes += run.samples().totalBytes();
    }
    return out.end();
  }

  private static void writeRun(BoxWriter out, Run run, long offsetBytes) {
    SampleTable samples = run.samples();
    boolean isEven = samples.isEveryDuration(samples.durationTicks(0));
    boolean isAllSync = samples.isAllSync();
    int entry = samples.formatIndex(0) + 1;
    out.begin("traf");
    int shared =
        BASE_IS_MOOF
            | (entry == 1 ? 0 : HAS_ENTRY)
            | (isEven ? HAS_DURATION : 0)
            | (isAllSync ? HAS_FLAGS : 0);
    out.beginFull("tfhd", 0, shared).u32(run.track() + 1L);
    if (entry != 1) {
      out.u32(entry);
    }
    if (isEven) {
      out.u32(samples.durationTicks(0));
    }
    if (isAllSync) {
      out.u32(SYNC);
    }
    out.end();
    out.beginFull("tfdt", 1, 0).u64(run.decodeTicks()).end();
    int each =
        HAS_DATA_OFFSET
            | EACH_SIZE
            | (isEven ? 0 : EACH_DURATION)
            | (isAllSync ? 0 : EACH_FLAGS)
            | (samples.isReordered() ? EACH_COMPOSITION_OFFSET : 0);
    out.beginFull("trun", samples.hasNegativeOffset() ? 1 : 0, each);
    out.u32(samples.count()).u32(offsetBytes);
    for (int i = 0; i < samples.count(); i++) {
      writeSample(out, samples, i, each);
    }
    out.end().end();
  }

  private static void writeSample(BoxWriter out, SampleTable samples, int sample, int each) {
    if ((each & EACH_DURATION) != 0) {
      out.u32(samples.durationTicks(sample));
    }
    out.u32(samples.sizeBytes(sample));
    if ((each & EACH_FLAGS) != 0) {
      out.u32(samples.isSync(sample) ? SYNC : NOT_SYNC);
    }
    if ((each & EACH_COMPOSITION_OFFSET) != 0) {
      out.u32(samples.compositionOffsetTicks(sample));
    }
  }

  /** Everything before the first payload. */
  public ByteBuffer head() {
    return head.duplicate();
  }

  /** Head and payloads. */
  public long sizeBytes() {
    return head.remaining() + runs.stream().mapToLong(run -> run.samples().totalBytes()).sum();
  }
}
