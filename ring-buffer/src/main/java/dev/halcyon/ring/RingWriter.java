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
  private final Readers readers;
  private final RingUpkeep upkeep;
  private final RingFile file;
  private final RingContents contents;
  private final SpaceAhead space;
  private final PagesAhead pages;
  private final Resizing resizing;
  private final RingTail tail;
  private final CheckpointWriter checkpoints;
  private final RecordHeader header = new RecordHeader();
  private final RecordHeader padding = new RecordHeader();
  private final StateRecords state = new StateRecords();
  private final int generation;
  private volatile long capacityUs;

  private Geometry geometry;
  private long lapStart;
  private long head;
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
      RingUpkeep upkeep,
      Leases leases,
      Recovered start,
      long capacityUs) {
    this.ring = ring;
    this.readers = ring.readers();
    this.file = file;
    this.contents = contents;
    this.upkeep = upkeep;
    this.space = upkeep.space();
    this.pages = upkeep.pages();
    this.resizing = upkeep.resizing();
    this.tail = new RingTail(file, contents, leases, start.tailPosition(), start.tailUs());
    this.checkpoints = new CheckpointWriter(file, start.generation(), start.nextCheckpoint());
    this.generation = start.generation();
    this.capacityUs = capacityUs;
    this.geometry = start.geometry();
    this.head = start.headPosition();
    this.lapStart = head - geometry.offsetOf(head);
    this.nextSeq = start.nextSeq();
    this.isShrunk = start.isShrunk();
    contents.states().last().ifPresent(state::resume);
    checkpoints.writeTwice(tail.position(), head, nextSeq, geometry, isShrunk);
    onCheckpoint();
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
    tail.evictCrowd(position, streamUs);
  }

  /**
   * The epoch is over: what is held of it ends from now on where its last picture does. Beginning
   * the next one or closing the writer does the same.
   *
   * @return stream time of that end; {@code Long.MIN_VALUE} when nothing was ever appended
   */
  public long endEpoch() {
    return contents.endEpoch();
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
    tail.evictCrowd(position, us);
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
    if (state.isDue(isKeyframe, dtsUs, head, geometry.capacityBytes())) {
      repeatState(dtsUs);
    }
    short flags = isKeyframe ? RingLayout.KEYFRAME : 0;
    header.describe(RingLayout.PACKET, track, flags, ptsUs, dtsUs, durationUs, arrivalUs);
    long position = reserve(payload);
    commit(position, payload);
    contents.onPacket(position, track, isKeyframe, ptsUs, dtsUs, durationUs, arrivalUs);
    count(payload.remaining());
    tail.evictOlderThan(contents.newestUs() - capacityUs);
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
    state.describeEpochAgain(header, dtsUs);
    commit(reserve(NOTHING), NOTHING);
    for (int track = 0; track < Track.MAX_TRACKS; track++) {
      if (state.knows(track)) {
        ByteBuffer payload = state.payload(track);
        state.describeTrack(header, track, RingLayout.REPEATED, dtsUs);
        commit(reserve(payload), payload);
      }
    }
    state.onWritten(dtsUs, head);
  }

  /** Makes room for a record at the head, which goes to the next lap where it does not fit. */
  private long reserve(ByteBuffer payload) {
    long bytes = RingLayout.recordBytes(payload.remaining());
    if (resizing.state() instanceof Resizing.Target wanted) {
      resize(wanted, payload.remaining());
    }
    long offset = head - lapStart;
    takeSpace(Math.min(offset + bytes, geometry.capacityBytes()));
    long capacity = geometry.capacityBytes();
    requireFits(payload.remaining(), capacity);
    long room = capacity - offset;
    long position = room < bytes ? head + room : head;
    long end = position + bytes;
    tail.evict(
        end - (capacity - RingLayout.slackBytes(capacity)),
        end - capacity,
        position,
        header.streamUs());
    file.setReserved(end);
    VarHandle.storeStoreFence();
    if (room < bytes) {
      lapStart = position;
      if (room >= RingLayout.RECORD_HEADER_BYTES) {
        pad(offset, (int) (room - RingLayout.RECORD_HEADER_BYTES));
      }
    }
    return position;
  }

  private static void requireFits(int payloadLength, long capacityBytes) {
    if (payloadLength > RingLayout.maxPayloadBytes(capacityBytes)) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "packet of %d bytes, the ring takes %d"
              .formatted(payloadLength, RingLayout.maxPayloadBytes(capacityBytes)));
    }
  }

  /**
   * Goes over to the size that is asked for as soon as all that is held lies in this lap, and at
   * the latest where the lap would end for one of the two sizes: what lies before it would be
   * evicted then by the smaller one anyway.
   *
   * @param payloadLength of the record to come
   */
  private void resize(Resizing.Target wanted, int payloadLength) {
    long usedBytes = head - lapStart;
    if (usedBytes > wanted.capacityBytes()) {
      return; // in the next lap
    }
    long smaller = Math.min(geometry.capacityBytes(), wanted.capacityBytes());
    requireFits(payloadLength, smaller);
    if (usedBytes + RingLayout.recordBytes(payloadLength) > smaller) {
      tail.evict(lapStart, lapStart, head, header.streamUs());
    }
    settle(wanted);
  }

  /** Carries out what is asked for, if that loses nothing; for who has the right to write. */
  void settle() {
    if (resizing.state() instanceof Resizing.Target wanted) {
      settle(wanted);
    }
  }

  private void settle(Resizing.Target wanted) {
    if (head - lapStart <= wanted.capacityBytes()
        && tail.position() >= lapStart
        && resizing.begin(wanted)) {
      isShrunk = false;
      use(new Geometry(lapStart, wanted.capacityBytes(), wanted.mapping()));
      resizing.end();
    }
  }

  /** What lies between head and tail must have the same place in both geometries. */
  private void use(Geometry next) {
    Geometry before = geometry;
    checkpoints.writeTwice(tail.position(), head, nextSeq, next, isShrunk);
    onCheckpoint();
    geometry = next;
    file.use(next);
    space.end(RingLayout.HEADER_BYTES + next.capacityBytes());
    contents.steps().thinOut(next.capacityBytes());
    nextPagesPosition = pages.request(head);
    upkeep.onResized(before);
  }

  /** When the disk is full, the lap ends where its space does. */
  private void takeSpace(long lapBytes) {
    if (!space.ensure(RingLayout.HEADER_BYTES + lapBytes)) {
      isShrunk = true;
      long takenBytes = space.takenBytes() - RingLayout.HEADER_BYTES;
      use(new Geometry(geometry.basePosition(), takenBytes, geometry.mapping()));
    }
  }

  private void pad(long offset, int length) {
    padding.describe(RingLayout.PADDING, 0, (short) 0, 0, header.dtsUs(), 0, 0);
    padding.stamp(head, nextSeq++, generation, state.epoch(), length);
    padding.seal(padding.checksum(NOTHING, 0, 0));
    padding.copyTo(geometry.mapping().windowOf(offset), Mapping.indexOf(offset));
  }

  private void commit(long position, ByteBuffer payload) {
    long offset = position - lapStart;
    ByteBuffer window = geometry.mapping().windowOf(offset);
    int index = Mapping.indexOf(offset);
    int length = payload.remaining();
    header.stamp(position, nextSeq++, generation, state.epoch(), length);
    header.writeWith(payload, window, index);
    contents.steps().note(position, header.streamUs(), geometry.capacityBytes());
    head = position + RingLayout.recordBytes(length);
    file.setCommitted(head);
    readers.onCommitted();
    if (head >= nextPagesPosition) {
      nextPagesPosition = pages.request(head);
    }
    if (head >= nextCheckpointPosition) {
      checkpoint();
    }
  }

  private void checkpoint() {
    checkpoints.write(tail.position(), head, nextSeq, geometry, isShrunk);
    onCheckpoint();
  }

  private void onCheckpoint() {
    nextCheckpointPosition = head + Math.min(CHECKPOINT_BYTES, geometry.capacityBytes() >> 5);
  }

  /** Any thread: how much stream time is held, from the next packet on. */
  void hold(long us) {
    capacityUs = us;
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
    endEpoch();
    ring.onWriterClosed();
  }
}
