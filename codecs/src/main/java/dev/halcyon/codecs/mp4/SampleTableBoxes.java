package dev.halcyon.codecs.mp4;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Writes {@code stts ctts stss stsc stsz stco|co64} of one track. No state beyond its arguments.
 */
final class SampleTableBoxes {
  private final BoxWriter out;
  private final SampleTable samples;

  SampleTableBoxes(BoxWriter out, SampleTable samples) {
    this.out = out;
    this.samples = samples;
  }

  void write(List<Chunk> chunks, long baseBytes, ChunkOffsets offsets) {
    out.beginFull("stts", 0, 0);
    writeRuns(samples::durationTicks);
    out.end();
    writeCompositionOffsets();
    writeSyncs();
    writeSamplesOfChunks(chunks);
    out.beginFull("stsz", 0, 0).u32(0).u32(samples.count());
    for (int i = 0; i < samples.count(); i++) {
      out.u32(samples.sizeBytes(i));
    }
    out.end();
    out.beginFull(offsets == ChunkOffsets.WIDE ? "co64" : "stco", 0, 0).u32(chunks.size());
    for (Chunk chunk : chunks) {
      long offset = baseBytes + chunk.offsetBytes();
      if (offsets == ChunkOffsets.WIDE) {
        out.u64(offset);
      } else {
        out.u32(offset);
      }
    }
    out.end();
  }

  /**
   * Version 0: dts never exceeds pts, so offsets are not negative and the edit list's media time
   * takes up the reorder delay, as every player understands. A source that breaks this rule gets
   * version 1, whose offsets are signed.
   */
  private void writeCompositionOffsets() {
    if (samples.isReordered()) {
      out.beginFull("ctts", samples.hasNegativeOffset() ? 1 : 0, 0);
      writeRuns(samples::compositionOffsetTicks);
      out.end();
    }
  }

  private void writeSyncs() {
    if (samples.isAllSync()) {
      return;
    }
    int at = out.beginFull("stss", 0, 0).length();
    out.u32(0);
    int count = 0;
    for (int i = 0; i < samples.count(); i++) {
      if (samples.isSync(i)) {
        out.u32(i + 1L);
        count++;
      }
    }
    out.patchU32(at, count).end();
  }

  private void writeSamplesOfChunks(List<Chunk> chunks) {
    int at = out.beginFull("stsc", 0, 0).length();
    out.u32(0);
    int entries = 0;
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      boolean isLikeTheOneBefore =
          i > 0
              && chunks.get(i - 1).sampleCount() == chunk.sampleCount()
              && chunks.get(i - 1).formatIndex() == chunk.formatIndex();
      if (!isLikeTheOneBefore) {
        out.u32(i + 1L).u32(chunk.sampleCount()).u32(chunk.formatIndex() + 1L);
        entries++;
      }
    }
    out.patchU32(at, entries).end();
  }

  /** A count of entries, then each as a run length and a value. */
  private void writeRuns(IntUnaryOperator value) {
    int at = out.length();
    out.u32(0);
    int entries = 0;
    for (int i = 0; i < samples.count(); ) {
      int first = i;
      int run = value.applyAsInt(i);
      while (i < samples.count() && value.applyAsInt(i) == run) {
        i++;
      }
      out.u32(i - first).u32(run);
      entries++;
    }
    out.patchU32(at, entries);
  }
}
