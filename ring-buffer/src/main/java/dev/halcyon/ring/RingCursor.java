package dev.halcyon.ring;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * A reader's place in a ring. One thread (a hand-over needs a happens-before); never slows the
 * writer; closed by whoever got it.
 *
 * <p>After opening, a seek or an overrun, {@link #next} first gives the epoch and the
 * configurations in force at the place, then the records; so that whoever listens to them always
 * knows what the packets mean. Repeated configurations in the file are not given.
 *
 * <p>The accessors speak of the record that {@code next} gave last, from a copy that was validated:
 * they stay right when the record itself is overwritten. Only the payload is read late, by {@link
 * #copyPayload}.
 */
public final class RingCursor implements AutoCloseable {
  /** What {@link #next} found. */
  public enum Next {
    /** An access unit. */
    PACKET,
    /** A track is new or changed: {@link #track}, {@link #trackConfiguration}. */
    CONFIGURATION,
    /** Another epoch: {@link #epoch}, {@link #anchorStreamUs}, {@link #anchorWallUs}. */
    EPOCH,
    /** The end of what is written; see {@link #await}. */
    NOTHING_YET,
    /**
     * Records were lost to this cursor, overwritten or damaged: {@link #missedBytes}, {@link
     * #missedUs}. It stands at the oldest record that is held behind the loss.
     */
    OVERRUN,
    /** The ring was closed; nothing follows. */
    CLOSED
  }

  private final Ring ring;
  private final Readers readers;
  private final RingFile file;
  private final RecordReader reader;
  private final RecordHeader header;
  private final StateInForce state = new StateInForce();
  private final CommitWait wait;
  private final BooleanSupplier isReady = this::isReady;

  private long nextPosition;
  private long committedSeen;
  private boolean isInStep;
  private long lastEndUs = Long.MIN_VALUE;
  private long missedBytes;
  private long missedUs;

  RingCursor(Ring ring, Readers readers, RingFile file) {
    this.ring = ring;
    this.readers = readers;
    this.file = file;
    this.reader = new RecordReader(file);
    this.header = reader.header();
    this.wait = new CommitWait(readers);
    this.nextPosition = file.tail();
  }

  /**
   * Goes to a record: one that the index gave, or an earlier {@link #position}. The next call of
   * {@link #next} reads there, or says OVERRUN when it is not held any more.
   *
   * @throws IllegalArgumentException when no record can start there
   */
  public void seek(long position) {
    if (position < 0 || position % RingLayout.ALIGNMENT != 0 || position > committed()) {
      throw new IllegalArgumentException("not a record's position [position=" + position + "]");
    }
    nextPosition = position;
    isInStep = false;
    lastEndUs = Long.MIN_VALUE;
  }

  private long committed() {
    try {
      return file.committed();
    } catch (IllegalStateException closed) {
      return ring.unlessClosed(closed, Long.MAX_VALUE);
    }
  }

  /**
   * Steps to the next record. Allocates only where a configuration is new.
   *
   * @throws HalcyonException RING_CORRUPT when there is no record at the place
   */
  public Next next() {
    if (ring.isClosed()) {
      return Next.CLOSED;
    }
    try {
      return step();
    } catch (IllegalStateException closed) {
      return ring.unlessClosed(closed, Next.CLOSED);
    }
  }

  private Next step() {
    while (true) {
      if (!hasCommitted()) {
        return Next.NOTHING_YET;
      }
      long tail = file.tail();
      if (nextPosition < tail) {
        return overrun(tail);
      }
      if (!isInStep) {
        isInStep = true;
        state.reset(ring.contents().states().at(nextPosition));
      }
      if (state.tell(header, nextPosition)) {
        return header.kind() == RingLayout.EPOCH ? Next.EPOCH : Next.CONFIGURATION;
      }
      Next read = readRecord();
      if (read != Next.NOTHING_YET) {
        return read;
      }
    }
  }

  private boolean hasCommitted() {
    if (nextPosition < committedSeen) {
      return true;
    }
    committedSeen = file.committed();
    return nextPosition < committedSeen;
  }

  /** NOTHING_YET when the record is none that is told. */
  private Next readRecord() {
    long position = nextPosition;
    RecordReader.Found found = reader.read(position);
    if (found == RecordReader.Found.OVERWRITTEN) {
      return overrun(file.tail());
    }
    nextPosition = reader.nextPosition();
    if (found == RecordReader.Found.END_OF_LAP) {
      return Next.NOTHING_YET;
    }
    return switch (header.kind()) {
      case RingLayout.PACKET -> onPacket();
      case RingLayout.CONFIGURATION -> onConfiguration(position);
      case RingLayout.EPOCH -> state.onEpoch(header) ? Next.EPOCH : Next.NOTHING_YET;
      default -> onPadding();
    };
  }

  private Next onPacket() {
    lastEndUs = header.ptsUs() + header.durationUs();
    return state.knows(track()) ? Next.PACKET : Next.NOTHING_YET;
  }

  private Next onConfiguration(long position) {
    if (header.has(RingLayout.REPEATED) && state.knows(track())) {
      return Next.NOTHING_YET;
    }
    ByteBuffer payload = ByteBuffer.allocate(header.payloadLength());
    if (!copyPayload(payload)) {
      nextPosition = position;
      return overrun(file.tail());
    }
    Track track;
    try {
      track = TrackCoding.decode(track(), payload.flip());
    } catch (HalcyonException unknown) {
      state.forget(track());
      return Next.NOTHING_YET; // written by a newer codec list: the track is passed over
    }
    return state.onConfiguration(track) ? Next.CONFIGURATION : Next.NOTHING_YET;
  }

  private Next onPadding() {
    if (!header.has(RingLayout.LOST)) {
      return Next.NOTHING_YET;
    }
    missedBytes = RingLayout.recordBytes(header.payloadLength());
    missedUs = Math.max(0, header.durationUs());
    isInStep = false;
    return Next.OVERRUN;
  }

  private Next overrun(long tail) {
    missedBytes = Math.max(0, tail - nextPosition);
    readers.onOverrun(missedBytes);
    missedUs = lastEndUs == Long.MIN_VALUE ? 0 : Math.max(0, file.tailUs() - lastEndUs);
    nextPosition = Math.max(tail, nextPosition);
    isInStep = false;
    return Next.OVERRUN;
  }

  /**
   * Waits, without spinning, until {@link #next} has something to say.
   *
   * @return false when the time is over or the thread is interrupted (it stays so)
   */
  public boolean await(long timeoutNs) {
    return isReady() || wait.await(isReady, timeoutNs);
  }

  private boolean isReady() {
    return ring.isClosed() || nextPosition < committed();
  }

  /** Called by the writer, and by whoever closes the ring. */
  void wake() {
    wait.wake();
  }

  /** Bytes lost at the last OVERRUN. */
  public long missedBytes() {
    return missedBytes;
  }

  /** Stream time lost at the last OVERRUN; 0 when nothing had been read before. */
  public long missedUs() {
    return missedUs;
  }

  /** The record's place, for {@link #seek}. */
  public long position() {
    return header.position();
  }

  public int track() {
    return header.track() & (Track.MAX_TRACKS - 1);
  }

  public boolean isKeyframe() {
    return header.has(RingLayout.KEYFRAME);
  }

  /** One more than the record's before; −1 where an epoch or configuration is told from memory. */
  public long seq() {
    return header.seq();
  }

  public int epoch() {
    return header.epoch();
  }

  public long ptsUs() {
    return header.ptsUs();
  }

  public long dtsUs() {
    return header.dtsUs();
  }

  public long durationUs() {
    return header.durationUs();
  }

  /** Wall clock, microseconds since 1970. */
  public long arrivalUs() {
    return header.arrivalUs();
  }

  public int payloadLength() {
    return header.payloadLength();
  }

  /** The configuration in force for the record's track. */
  public Track trackConfiguration() {
    return state.track(track());
  }

  /** A stream time of the epoch in force … */
  public long anchorStreamUs() {
    return state.anchorStreamUs();
  }

  /** … and the wall clock that was read then, microseconds since 1970. */
  public long anchorWallUs() {
    return state.anchorWallUs();
  }

  /**
   * Copies the record's payload to {@code target}'s position, which moves behind it, and compares
   * its checksum. Allocates nothing.
   *
   * @return false when overtaken during the copy or closed: the bytes are garbage, the target's
   *     position stays, {@link #next} tells more
   * @throws BufferOverflowException when the payload does not fit
   * @throws HalcyonException RING_CORRUPT when the bytes are not those that were written
   */
  public boolean copyPayload(ByteBuffer target) {
    try {
      return reader.copyPayload(target);
    } catch (IllegalStateException closed) {
      return ring.unlessClosed(closed, false);
    }
  }

  /** Whether the current record is still there, so that what was read of it so far is right. */
  public boolean isIntact() {
    try {
      return file.isIntact(header.position());
    } catch (IllegalStateException closed) {
      return ring.unlessClosed(closed, false);
    }
  }

  @Override
  public void close() {
    readers.remove(this);
  }
}
