package dev.halcyon.ring;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a ring file again: walks the records from the oldest on, verifies each, and stops at the
 * first that is not whole and has no whole one behind it. A damaged stretch between whole records
 * becomes a padding record, so that what lies behind it is kept. The counters of the header page
 * only say where to look; a record counts when its position, sequence, generation and checksum
 * agree. One thread, before anybody else sees the ring.
 */
final class Recovery {
  private static final long MAX_PADDING_BYTES = 1 << 30;

  private final RingFile file;
  private final RingContents contents;
  private final long createdCapacityBytes;
  private final RecordHeader header = new RecordHeader();

  private long capacity;
  private long lastSeq = -1;
  private int lastGeneration = 1;
  private long tailUs;
  private boolean hasPacket;
  private long keptRecords;
  private long keptBytes;
  private long keptToUs = Long.MIN_VALUE;
  private long lostBytes;
  private int damagedRanges;

  /** Where the newest record ends that a search of the whole file found. */
  private long newestEnd = -1;

  Recovery(RingFile file, RingContents contents, long createdCapacityBytes) {
    this.file = file;
    this.contents = contents;
    this.createdCapacityBytes = createdCapacityBytes;
  }

  Recovered run() {
    long startNs = System.nanoTime();
    Optional<HeaderPage.Checkpoint> checkpoint =
        HeaderPage.readCheckpoint(file.headerPage(), createdCapacityBytes);
    capacity = checkpoint.map(HeaderPage.Checkpoint::capacityBytes).orElse(createdCapacityBytes);
    file.shrinkTo(capacity);
    long checkpointHead = checkpoint.map(HeaderPage.Checkpoint::headPosition).orElse(0L);
    long hint = Math.max(checkpointHead, Math.max(file.reserved(), file.committed()));
    long tail = findTail(checkpoint);
    hint = Math.max(hint, newestEnd);
    long head = tail < 0 ? 0 : walk(tail, hint);
    tail = Math.max(0, tail);
    if (hint > head && hint - head <= capacity) {
      lostBytes += hint - head;
    }
    file.setTail(tail, tailUs);
    file.setReserved(head);
    file.setCommitted(head);
    int generation =
        1 + Math.max(lastGeneration, checkpoint.map(HeaderPage.Checkpoint::generation).orElse(0));
    return new Recovered(
        tail,
        tailUs,
        head,
        lastSeq + 1,
        generation,
        1 + checkpoint.map(HeaderPage.Checkpoint::number).orElse(0L),
        checkpoint.map(HeaderPage.Checkpoint::isShrunk).orElse(false),
        report(startNs));
  }

  private RecoveryReport report(long startNs) {
    return new RecoveryReport(
        keptRecords,
        keptBytes,
        hasPacket ? tailUs : 0,
        hasPacket ? keptToUs : 0,
        lostBytes,
        damagedRanges,
        (System.nanoTime() - startNs) / 1_000_000);
  }

  /** A whole record to begin at, the oldest known; −1 when there is none. */
  private long findTail(Optional<HeaderPage.Checkpoint> checkpoint) {
    long counted = file.tail();
    if (isWhole(counted)) {
      return counted;
    }
    if (checkpoint.isPresent() && isWhole(checkpoint.get().tailPosition())) {
      return checkpoint.get().tailPosition();
    }
    return searchTail();
  }

  /** Without any hint: the whole file is searched for whole records. */
  private long searchTail() {
    long[] found = new long[1024];
    int count = 0;
    for (long offset = 0; offset <= capacity - RingLayout.RECORD_HEADER_BYTES; ) {
      long position = file.longAt(offset + RingLayout.POSITION_AT);
      if (position >= 0 && position % capacity == offset && isWhole(position)) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = position;
        newestEnd = Math.max(newestEnd, header.endPosition());
        offset += RingLayout.recordBytes(header.payloadLength());
      } else {
        offset += RingLayout.ALIGNMENT;
      }
    }
    long oldest = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      if (found[i] >= newestEnd - capacity) {
        oldest = Math.min(oldest, found[i]);
      }
    }
    return count == 0 ? -1 : oldest;
  }

  /** Whether a whole record stands at the position; its header is then in {@link #header}. */
  private boolean isWhole(long position) {
    if (position < 0 || position % RingLayout.ALIGNMENT != 0) {
      return false;
    }
    long offset = position % capacity;
    if (capacity - offset < RingLayout.RECORD_HEADER_BYTES) {
      return false;
    }
    ByteBuffer window = file.windowOf(offset);
    int index = RingFile.indexOf(offset);
    header.copyFrom(window, index);
    return header.isPlausible(position, offset, capacity)
        && header.checksum(window, index + RingLayout.RECORD_HEADER_BYTES, header.payloadLength())
            == header.crc();
  }

  /** Whether it also follows the records before it. */
  private boolean isNext(long position) {
    return isWhole(position) && header.seq() > lastSeq && header.generation() >= lastGeneration;
  }

  /** Takes all that is whole from {@code tail} on; answers where it ends. */
  private long walk(long tail, long hint) {
    long end = tail + capacity;
    long head = tail;
    for (long at = tail; at < end; ) {
      long room = capacity - at % capacity;
      if (room < RingLayout.RECORD_HEADER_BYTES) {
        at += room;
      } else if (isNext(at)) {
        accept(at);
        at = header.endPosition();
        head = at;
      } else {
        long next = findNext(at + RingLayout.ALIGNMENT, Math.min(end, hint));
        if (next < 0) {
          break;
        }
        bridge(at, next);
        at = next;
      }
    }
    return head;
  }

  private long findNext(long from, long limit) {
    for (long at = from; at < limit; at += RingLayout.ALIGNMENT) {
      long offset = at % capacity;
      if (capacity - offset >= RingLayout.RECORD_HEADER_BYTES
          && file.longAt(offset + RingLayout.POSITION_AT) == at
          && isNext(at)) {
        return at;
      }
    }
    return -1;
  }

  /** Covers a damaged stretch with padding records that say so. */
  private void bridge(long from, long to) {
    lostBytes += to - from;
    damagedRanges++;
    for (long at = from; at < to; ) {
      long offset = at % capacity;
      long room = capacity - offset;
      if (room < RingLayout.RECORD_HEADER_BYTES) {
        at += room;
        continue;
      }
      long bytes = Math.min(room, to - at);
      if (bytes > MAX_PADDING_BYTES) {
        bytes = MAX_PADDING_BYTES / 2;
      }
      RecordHeader lost = new RecordHeader();
      lost.describe(RingLayout.PADDING, 0, RingLayout.LOST, 0, 0, 0, 0);
      lost.stamp(at, ++lastSeq, lastGeneration, 0, (int) bytes - RingLayout.RECORD_HEADER_BYTES);
      lost.seal(lost.checksum(ByteBuffer.allocate(0), 0, 0));
      lost.copyTo(file.windowOf(offset), RingFile.indexOf(offset));
      at += bytes;
    }
  }

  private void accept(long position) {
    lastSeq = header.seq();
    lastGeneration = header.generation();
    keptRecords++;
    contents.steps().note(position, header.streamUs(), capacity);
    keptBytes += RingLayout.recordBytes(header.payloadLength());
    switch (header.kind()) {
      case RingLayout.EPOCH -> acceptEpoch(position);
      case RingLayout.CONFIGURATION -> acceptConfiguration(position);
      case RingLayout.PACKET -> acceptPacket(position);
      default -> {}
    }
  }

  private void acceptEpoch(long position) {
    if (header.has(RingLayout.REPEATED)) {
      contents.onEpochRepeated(position, header.epoch(), header.ptsUs(), header.arrivalUs());
    } else {
      contents.onEpoch(position, header.epoch(), header.ptsUs(), header.arrivalUs());
    }
  }

  private void acceptConfiguration(long position) {
    requireEpoch(position);
    long offset = position % capacity;
    ByteBuffer payload =
        file.windowOf(offset)
            .slice(
                RingFile.indexOf(offset) + RingLayout.RECORD_HEADER_BYTES, header.payloadLength());
    Track track;
    try {
      track = TrackCoding.decode(header.track() & (Track.MAX_TRACKS - 1), payload);
    } catch (HalcyonException unknown) {
      return; // Written by a newer codec list: its packets are skipped by cursors.
    }
    if (header.has(RingLayout.REPEATED)) {
      contents.onConfigurationRepeated(position, track);
    } else {
      contents.onConfiguration(position, track);
    }
  }

  private void acceptPacket(long position) {
    requireEpoch(position);
    if (!hasPacket) {
      hasPacket = true;
      tailUs = header.ptsUs();
    }
    keptToUs = Math.max(keptToUs, header.ptsUs() + header.durationUs());
    contents.onPacket(
        position,
        header.track(),
        header.has(RingLayout.KEYFRAME),
        header.ptsUs(),
        header.dtsUs(),
        header.durationUs(),
        header.arrivalUs());
  }

  private void requireEpoch(long position) {
    if (contents.span().epoch() != header.epoch()) {
      contents.onUnknownEpoch(position, header.epoch(), header.ptsUs(), header.arrivalUs());
    }
  }
}
