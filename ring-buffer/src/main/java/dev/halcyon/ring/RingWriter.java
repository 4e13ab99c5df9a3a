package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Appends to a ring. One thread at a time; a hand-over to another needs a happens-before of the
 * caller's. Never waits for a reader. Every method throws {@code IllegalStateException} once the
 * ring is closed.
 */
public final class RingWriter implements AutoCloseable {
  private static final ByteBuffer NOTHING = StateRecords.NO_PAYLOAD;
  private static final long CHECKPOINT_BYTES = 4 << 20;

  private final Ring ring;
  private final RingFile file;
  private final RingContents contents;
  private final SpaceAhead space;
  private final PagesAhead pages;
  private final Leases leases;
  private final CheckpointWriter checkpoints;
  private final RecordHeader header = new RecordHeader();
  private final RecordHeader padding = new RecordHeader();
  private final StateRecords state = new StateRecords();
  private final int generation;
  private final long capacityUs;

  private long head;
  private long tail;
  private long tailUs;
  private long nextSeq;
  private long nextCheckpointPosition;
  private long nextPagesPosition;
  private boolean isBegun;
  private volatile boolean isShrunk;
  private final AtomicLong appendedPackets = new AtomicLong();
  private final AtomicLong appendedBytes = new AtomicLong();

  RingWriter(
      Ring ring,
      RingFile file,
      RingContents contents,
      SpaceAhead space,
      PagesAhead pages,
      Leases leases,
      Recovered start,
      long capacityUs) {
    this.ring = ring;
    this.file = file;
    this.contents = contents;
    this.space = space;
    this.pages = pages;
    this.leases = leases;
    this.checkpoints = new CheckpointWriter(file, start.generation(), start.nextCheckpoint());
    this.generation = start.generation();
    this.capacityUs = capacityUs;
    this.head = start.headPosition();
    this.tail = start.tailPosition();
    this.tailUs = start.tailUs();
    this.nextSeq = start.nextSeq();
    this.isShrunk = start.isShrunk();
    contents.states().last().ifPresent(state::resume);
    checkpoint();
  }

  /**
   * Starts an epoch and forgets the tracks of the one before.
   *
   * @param epoch above that of the epoch before
   * @param streamUs a stream time …
   * @param wallUs … and the wall clock at that time, microseconds since 1970
   */
  public void beginEpoch(int epoch, long streamUs, long wallUs) {
    if (epoch < 0 || epoch <= contents.span().epoch()) {
      throw new IllegalArgumentException(
          "epochs must grow [epoch=%d, last=%d]".formatted(epoch, contents.span().epoch()));
    }
    if (state.epoch() >= 0) {
      repeatState(Math.max(contents.span().toUs(), state.anchorStreamUs()));
    }
    state.begin(epoch, streamUs, wallUs);
    isBegun = true;
    state.describeEpoch(header);
    long position = reserve(NOTHING);
    contents.onEpoch(position, epoch, streamUs, wallUs);
    commit(position, NOTHING);
  }

  /** Sets a track's configuration from here on; nothing happens when it is in force already. */
  public void configure(Track track) {
    requireEpoch();
    if (state.isInForce(track)) {
      return;
    }
    ByteBuffer payload = TrackCoding.encode(track.format());
    long us = Math.max(contents.newestUs(), state.anchorStreamUs());
    state.describeTrack(header, track.index(), (short) 0, us);
    long position = reserve(payload);
    state.put(track, payload);
    contents.onConfiguration(position, track);
    commit(position, payload);
  }

  /**
   * Appends one access unit; allocates nothing.
   *
   * @param track one that was configured in this epoch
   * @param durationUs 0..4,294,967,295
   * @param arrivalUs wall clock, microseconds since 1970
   * @param payload from position to limit, which stay as they are; of any kind
   * @throws HalcyonException PAYLOAD_TOO_LARGE above a quarter of the ring, or 64 MiB
   */
  public void append(
      int track,
      boolean isKeyframe,
      long ptsUs,
      long dtsUs,
      long durationUs,
      long arrivalUs,
      ByteBuffer payload) {
    requireEpoch();
    if (!state.knows(track)) {
      throw new IllegalStateException("track is not configured [track=" + track + "]");
    }
    if (durationUs < 0 || durationUs > RingLayout.MAX_DURATION_US) {
      throw new IllegalArgumentException("duration out of range [durationUs=" + durationUs + "]");
    }
    if (state.isDue(isKeyframe, dtsUs, head, file.capacityBytes())) {
      repeatState(dtsUs);
    }
    short flags = isKeyframe ? RingLayout.KEYFRAME : 0;
    header.describe(RingLayout.PACKET, track, flags, ptsUs, dtsUs, durationUs, arrivalUs);
    long position = reserve(payload);
    commit(position, payload);
    contents.onPacket(position, track, isKeyframe, ptsUs, dtsUs, durationUs, arrivalUs);
    count(payload.remaining());
    evictByTime();
  }

  /** One thread counts, so no atomic addition is needed. */
  private void count(int bytes) {
    appendedPackets.setOpaque(appendedPackets.getPlain() + 1);
    appendedBytes.setOpaque(appendedBytes.getPlain() + bytes);
  }

  private void requireEpoch() {
    if (!isBegun) {
      throw new IllegalStateException("no epoch was begun");
    }
  }

  /**
   * Epoch and configurations again; also at an epoch's end, so that its last packets can be decoded
   * when the first records are evicted and the process is another.
   */
  private void repeatState(long dtsUs) {
    state.onWritten(dtsUs, head);
    state.describeEpochAgain(header, dtsUs);
    commit(reserve(NOTHING), NOTHING);
    for (int track = 0; track < Track.MAX_TRACKS; track++) {
      if (state.knows(track)) {
        ByteBuffer payload = state.payload(track);
        state.describeTrack(header, track, RingLayout.REPEATED, dtsUs);
        commit(reserve(payload), payload);
      }
    }
  }

  /** Makes room for a record at the head, which goes to the next lap where it does not fit. */
  private long reserve(ByteBuffer payload) {
    long bytes = RingLayout.recordBytes(payload.remaining());
    long offset = head % file.capacityBytes();
    if (head < file.capacityBytes()) {
      takeSpace(Math.min(offset + bytes, file.capacityBytes()));
    }
    long capacity = file.capacityBytes();
    if (payload.remaining() > RingLayout.maxPayloadBytes(capacity)) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "packet of %d bytes, the ring takes %d"
              .formatted(payload.remaining(), RingLayout.maxPayloadBytes(capacity)));
    }
    long room = capacity - offset;
    long position = room < bytes ? head + room : head;
    long end = position + bytes;
    evictByBytes(position, end);
    file.setReserved(end);
    VarHandle.storeStoreFence();
    if (position > head && room >= RingLayout.RECORD_HEADER_BYTES) {
      pad(offset, (int) (room - RingLayout.RECORD_HEADER_BYTES));
    }
    return position;
  }

  /** First lap only: when the disk is full, the lap ends where its space does. */
  private void takeSpace(long lapBytes) {
    if (!space.ensure(RingLayout.HEADER_BYTES + lapBytes)) {
      file.shrinkTo(space.takenBytes() - RingLayout.HEADER_BYTES);
      isShrunk = true;
      checkpoint();
      file.cutTo(space.takenBytes());
    }
  }

  private void pad(long offset, int length) {
    padding.describe(RingLayout.PADDING, 0, (short) 0, 0, header.dtsUs(), 0, 0);
    padding.stamp(head, nextSeq++, generation, state.epoch(), length);
    padding.seal(padding.checksum(NOTHING, 0, 0));
    padding.copyTo(file.windowOf(offset), RingFile.indexOf(offset));
  }

  private void commit(long position, ByteBuffer payload) {
    long offset = position % file.capacityBytes();
    ByteBuffer window = file.windowOf(offset);
    int index = RingFile.indexOf(offset);
    int length = payload.remaining();
    header.stamp(position, nextSeq++, generation, state.epoch(), length);
    header.writeWith(payload, window, index);
    contents.steps().note(position, header.streamUs(), file.capacityBytes());
    head = position + RingLayout.recordBytes(length);
    file.setCommitted(head);
    ring.onCommitted();
    if (head >= nextPagesPosition) {
      nextPagesPosition = pages.request(head);
    }
    if (head >= nextCheckpointPosition) {
      checkpoint();
    }
  }

  /** Moves the tail out of the way of the record that will end at {@code end}. */
  private void evictByBytes(long position, long end) {
    long capacity = file.capacityBytes();
    long wanted = end - (capacity - RingLayout.slackBytes(capacity));
    if (tail >= wanted) {
      return;
    }
    long floor = leases.floor(wanted, Math.max(end - capacity, tail));
    if (floor < wanted) {
      moveTail(floor, tailUs);
      return;
    }
    TailSteps steps = contents.steps();
    steps.dropBefore(wanted);
    if (steps.isEmpty()) {
      moveTail(position, header.streamUs());
    } else {
      moveTail(steps.oldestPosition(), steps.oldestUs());
    }
  }

  private void evictByTime() {
    TimeIndex index = contents.index();
    long wanted = index.positionAtHorizon(contents.newestUs() - capacityUs);
    if (wanted <= tail || leases.floor(wanted, tail) < wanted) {
      return;
    }
    moveTail(wanted, index.ptsUsAt(wanted));
  }

  private void moveTail(long position, long streamUs) {
    if (position > tail) {
      tail = position;
      tailUs = streamUs;
      file.setTail(tail, tailUs);
      contents.evictBefore(tail);
    }
  }

  private void checkpoint() {
    checkpoints.write(tail, head, nextSeq, isShrunk);
    nextCheckpointPosition = head + Math.min(CHECKPOINT_BYTES, file.capacityBytes() >> 5);
  }

  boolean isShrunk() {
    return isShrunk;
  }

  long appendedPackets() {
    return appendedPackets.getOpaque();
  }

  long appendedBytes() {
    return appendedBytes.getOpaque();
  }

  /** Gives the writing right back, so that {@link Ring#writer} may be called again. */
  @Override
  public void close() {
    ring.onWriterClosed();
  }
}
