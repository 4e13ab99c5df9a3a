package dev.halcyon.ring;

import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The writer's own copy of what is in force, ready to be written again, and when that is due: so
 * that epoch and configurations outlive the eviction of their first records. The writer's thread.
 */
final class StateRecords {
  static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0);

  /** Repeated before the first keyframe that is this much later … */
  private static final long AT_KEYFRAME_US = 1_000_000;

  /** … or, without keyframes, before any packet that is … */
  private static final long AT_ANY_US = 5_000_000;

  /** … or when an eighth of the ring was written since. */
  private static final int CAPACITY_SHIFT = 3;

  private final Track[] tracks = new Track[Track.MAX_TRACKS];
  private final ByteBuffer[] payloads = new ByteBuffer[Track.MAX_TRACKS];
  private int epoch = -1;
  private long anchorStreamUs;
  private long anchorWallUs;
  private boolean isWritten;
  private long writtenAtUs;
  private long writtenAtPosition;

  void begin(int newEpoch, long streamUs, long wallUs) {
    epoch = newEpoch;
    anchorStreamUs = streamUs;
    anchorWallUs = wallUs;
    Arrays.fill(tracks, null);
    Arrays.fill(payloads, null);
    isWritten = false;
  }

  /** Takes over what a writer before this one left. */
  void resume(StreamState left) {
    EpochSpan span = left.span();
    begin(span.epoch(), span.anchorStreamUs(), span.anchorWallUs());
    for (Track track : left.tracks()) {
      put(track, TrackCoding.encode(track.format()));
    }
  }

  /** −1 before the first. */
  int epoch() {
    return epoch;
  }

  long anchorStreamUs() {
    return anchorStreamUs;
  }

  boolean isInForce(Track track) {
    return track.equals(tracks[track.index()]);
  }

  boolean knows(int track) {
    return track >= 0 && track < tracks.length && tracks[track] != null;
  }

  void put(Track track, ByteBuffer payload) {
    tracks[track.index()] = track;
    payloads[track.index()] = payload;
  }

  /** The payload of the configuration record of a track that is known. */
  ByteBuffer payload(int track) {
    return payloads[track];
  }

  /** Describes the epoch's record as it is first written. */
  void describeEpoch(RecordHeader header) {
    header.describe(
        RingLayout.EPOCH, 0, (short) 0, anchorStreamUs, anchorStreamUs, 0, anchorWallUs);
  }

  void describeEpochAgain(RecordHeader header, long dtsUs) {
    header.describe(
        RingLayout.EPOCH, 0, RingLayout.REPEATED, anchorStreamUs, dtsUs, 0, anchorWallUs);
  }

  void describeTrack(RecordHeader header, int track, short flags, long us) {
    header.describe(RingLayout.CONFIGURATION, track, flags, us, us, 0, anchorWallUs);
  }

  /** Whether all is to be written again before this packet. */
  boolean isDue(boolean isKeyframe, long dtsUs, long head, long capacityBytes) {
    if (!isWritten) {
      onWritten(dtsUs, head);
      return false;
    }
    long sinceUs = dtsUs - writtenAtUs;
    return sinceUs >= AT_ANY_US
        || (isKeyframe && sinceUs >= AT_KEYFRAME_US)
        || head - writtenAtPosition > capacityBytes >> CAPACITY_SHIFT;
  }

  void onWritten(long dtsUs, long head) {
    isWritten = true;
    writtenAtUs = dtsUs;
    writtenAtPosition = head;
  }
}
