package dev.halcyon.ring;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads a ring file again: walks the records from the oldest on, verifies each, and stops at the
 * first that is not whole and has no whole one behind it. A damaged stretch between whole records
 * becomes a padding record, so that what lies behind it is kept. The counters of the header page
 * only say where to look; a record counts when its position, sequence, generation and checksum
 * agree. One thread, before anybody else sees the ring.
 */
final class Recovery {
  private static final int MAX_PADDING_BYTES = 1 << 30;
  private static final int VAIN_TIMES = 4;
  private static final ByteBuffer NOTHING = StateRecords.NO_PAYLOAD;

  private final RingFile file;
  private final RingContents contents;
  private final Optional<HeaderPage.Checkpoint> checkpoint;
  private final StandingRecord record;
  private final RecordHeader header;

  private Geometry geometry;
  private long lastSeq = -1;
  private int lastGeneration = 1;
  private long lastEndUs = Long.MIN_VALUE;
  private long tailUs;
  private boolean hasPacket;
  private long keptRecords;
  private long keptBytes;
  private long keptToUs = Long.MIN_VALUE;
  private long lostBytes;
  private int damagedRanges;

  /** How far there can be records: what the counters say, or a search. */
  private long hint;

  Recovery(RingFile file, RingContents contents) {
    this.file = file;
    this.contents = contents;
    this.checkpoint = file.header().checkpoint();
    this.record = new StandingRecord(file.firstMapping());
    this.header = record.header();
    this.geometry =
        new Geometry(
            checkpoint.map(HeaderPage.Checkpoint::basePosition).orElse(0L),
            checkpoint
                .map(HeaderPage.Checkpoint::capacityBytes)
                .orElse(file.header().createdCapacityBytes()),
            file.firstMapping());
  }

  Recovered run() {
    long startNs = System.nanoTime();
    hint = Math.max(file.reserved(), file.committed());
    hint = Math.max(hint, checkpoint.map(HeaderPage.Checkpoint::headPosition).orElse(0L));
    long tail = findTail();
    long head = tail < 0 ? geometry.basePosition() : walk(tail);
    contents.endEpoch(); // whoever wrote it is gone
    tail = Math.max(geometry.basePosition(), tail);
    if (hint > head && hint - head <= geometry.capacityBytes()) {
      lostBytes += hint - head;
    }
    file.use(geometry);
    file.setTail(tail, tailUs);
    file.setReserved(head);
    file.setCommitted(head);
    return new Recovered(
        tail,
        tailUs,
        head,
        lastSeq + 1,
        1 + Math.max(lastGeneration, checkpoint.map(HeaderPage.Checkpoint::generation).orElse(0)),
        1 + checkpoint.map(HeaderPage.Checkpoint::number).orElse(0L),
        geometry,
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
  private long findTail() {
    if (checkpoint.isPresent()) {
      long counted = file.tail();
      long stored = checkpoint.get().tailPosition();
      if (record.isWhole(counted, geometry)) {
        return counted;
      }
      if (record.isWhole(stored, geometry)) {
        return stored;
      }
      if (counted == hint && stored == hint && counted == file.committed()) {
        return -1; // all agree that nothing was ever written
      }
    }
    RecordSearch search = new RecordSearch(file.firstMapping());
    if (!search.run()) {
      return -1;
    }
    geometry = search.geometry(checkpoint);
    hint = search.newestEnd();
    long oldest = Math.max(geometry.basePosition(), hint - geometry.capacityBytes());
    return findNext(oldest, hint);
  }

  /** Whether a whole record follows there on those before it. */
  private boolean isNext(long position) {
    return record.isWhole(position, geometry)
        && header.seq() > lastSeq
        && header.generation() >= lastGeneration;
  }

  /** Takes all that is whole from {@code tail} on; answers where it ends. */
  private long walk(long tail) {
    long capacity = geometry.capacityBytes();
    long end = tail + capacity;
    long head = tail;
    for (long at = tail; at < end; ) {
      long room = capacity - geometry.offsetOf(at);
      if (room < RingLayout.RECORD_HEADER_BYTES) {
        at += room;
      } else if (isNext(at)) {
        accept(at);
        at = header.endPosition();
        head = at;
      } else {
        long next = findNext(at + RingLayout.RECORD_HEADER_BYTES, Math.min(end, hint));
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
    long capacity = geometry.capacityBytes();
    for (long at = from; at < limit && record.vainBytes() < VAIN_TIMES * capacity; ) {
      long offset = geometry.offsetOf(at);
      boolean canBridge = offset == 0 || offset >= RingLayout.RECORD_HEADER_BYTES;
      if (canBridge
          && capacity - offset >= RingLayout.RECORD_HEADER_BYTES
          && file.firstMapping().longAt(offset + RingLayout.POSITION_AT) == at
          && isNext(at)) {
        return at;
      }
      at += RingLayout.ALIGNMENT;
    }
    return -1;
  }

  /** Covers a damaged stretch with padding records that say so. The header is that behind it. */
  private void bridge(long from, long to) {
    lostBytes += to - from;
    damagedRanges++;
    long nextUs = header.streamUs();
    long fromUs = lastEndUs == Long.MIN_VALUE ? nextUs : lastEndUs;
    long lostUs = Math.clamp(nextUs - fromUs, 0, RingLayout.MAX_DURATION_US);
    contents.lost().add(from, new LostRange(fromUs, fromUs + lostUs, to - from));
    for (long at = from; at < to; ) {
      long offset = geometry.offsetOf(at);
      long room = geometry.capacityBytes() - offset;
      if (room < RingLayout.RECORD_HEADER_BYTES) {
        at += room;
        continue;
      }
      long bytes = Math.min(room, to - at);
      if (bytes > MAX_PADDING_BYTES) {
        bytes = MAX_PADDING_BYTES / 2;
      }
      RecordHeader lost = new RecordHeader();
      lost.describe(RingLayout.PADDING, 0, RingLayout.LOST, 0, fromUs, lostUs, 0);
      lost.stamp(at, ++lastSeq, lastGeneration, 0, (int) bytes - RingLayout.RECORD_HEADER_BYTES);
      lost.seal(lost.checksum(NOTHING, 0, 0));
      lost.copyTo(file.firstMapping().windowOf(offset), Mapping.indexOf(offset));
      lostUs = 0; // told once, however many records it takes
      at += bytes;
    }
  }

  private void accept(long position) {
    lastSeq = header.seq();
    lastGeneration = header.generation();
    keptRecords++;
    contents.steps().note(position, header.streamUs(), geometry.capacityBytes());
    keptBytes += RingLayout.recordBytes(header.payloadLength());
    switch (header.kind()) {
      case RingLayout.EPOCH -> acceptEpoch(position);
      case RingLayout.CONFIGURATION -> acceptConfiguration(position);
      case RingLayout.PACKET -> acceptPacket(position);
      default -> acceptPadding(position);
    }
  }

  /** What an earlier recovery found damaged stays known as that. */
  private void acceptPadding(long position) {
    if (header.has(RingLayout.LOST)) {
      contents
          .lost()
          .add(
              position,
              new LostRange(
                  header.dtsUs(),
                  header.dtsUs() + header.durationUs(),
                  RingLayout.recordBytes(header.payloadLength())));
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
    long offset = geometry.offsetOf(position);
    ByteBuffer payload =
        file.firstMapping()
            .windowOf(offset)
            .slice(
                Mapping.indexOf(offset) + RingLayout.RECORD_HEADER_BYTES, header.payloadLength());
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
    lastEndUs = header.ptsUs() + header.durationUs();
    keptToUs = Math.max(keptToUs, lastEndUs);
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
