package dev.halcyon.ring;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds how a ring lies in its file when neither counters nor checkpoints help: each record tells
 * its position, and where it stands tells at which position its lap began. Reads the whole file.
 * One thread, before anybody else sees the ring.
 */
final class RecordSearch {
  /** A file has two; more are remains of earlier laps, in the payload of padding. */
  private static final int MOST_LAPS = 64;

  private static final int VAIN_TIMES = 4;

  private final Mapping mapping;
  private final StandingRecord record;
  private final long fileLapBytes;

  /** Each lap's start, and how many bytes from it the furthest record ends. */
  private final TreeMap<Long, Long> laps = new TreeMap<>();

  private long newestLap = -1;
  private long newestPosition = -1;
  private long newestEnd;
  private int newestGeneration;

  RecordSearch(Mapping mapping) {
    this.mapping = mapping;
    this.record = new StandingRecord(mapping);
    this.fileLapBytes = mapping.byteSize() - RingLayout.HEADER_BYTES & -RingLayout.ALIGNMENT;
  }

  /** Whether there is any record. */
  boolean run() {
    long offset = 0;
    while (offset <= fileLapBytes - RingLayout.RECORD_HEADER_BYTES
        && record.vainBytes() < VAIN_TIMES * fileLapBytes) {
      long position = mapping.longAt(offset + RingLayout.POSITION_AT);
      if (position >= offset
          && position % RingLayout.ALIGNMENT == 0
          && record.isWhole(position, offset, fileLapBytes)) {
        note(position, offset);
        offset += RingLayout.recordBytes(record.header().payloadLength());
      } else {
        offset += RingLayout.ALIGNMENT;
      }
    }
    return newestPosition >= 0;
  }

  private void note(long position, long offset) {
    RecordHeader header = record.header();
    long lapStart = position - offset;
    laps.merge(
        lapStart, offset + RingLayout.recordBytes(header.payloadLength()), (a, b) -> a > b ? a : b);
    if (laps.size() > MOST_LAPS) {
      laps.pollFirstEntry();
    }
    boolean isNewer =
        header.generation() > newestGeneration
            || (header.generation() == newestGeneration && position > newestPosition);
    if (isNewer) {
      newestGeneration = header.generation();
      newestPosition = position;
      newestEnd = header.endPosition();
      newestLap = lapStart;
    }
  }

  /** Where the newest record ends. */
  long newestEnd() {
    return newestEnd;
  }

  /** What a checkpoint says, when it can be; else what the two newest laps say. */
  Geometry geometry(Optional<HeaderPage.Checkpoint> checkpoint) {
    if (checkpoint.isPresent()) {
      HeaderPage.Checkpoint told = checkpoint.get();
      long sinceBase = newestLap - told.basePosition();
      if (sinceBase >= 0
          && sinceBase % told.capacityBytes() == 0
          && laps.getOrDefault(newestLap, 0L) <= told.capacityBytes()) {
        return new Geometry(told.basePosition(), told.capacityBytes(), mapping);
      }
    }
    Map.Entry<Long, Long> before = laps.lowerEntry(newestLap);
    if (before != null) {
      long length = newestLap - before.getKey();
      if (length >= RingOptions.MIN_CAPACITY_BYTES / 2
          && length >= before.getValue()
          && length >= laps.getOrDefault(newestLap, 0L)
          && length <= fileLapBytes) {
        return new Geometry(before.getKey(), length, mapping);
      }
    }
    return new Geometry(newestLap, fileLapBytes, mapping);
  }
}
