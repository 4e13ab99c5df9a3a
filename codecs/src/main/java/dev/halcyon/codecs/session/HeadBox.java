package dev.halcyon.codecs.session;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.TrackCoding;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A {@link SessionHead} as a box; see {@link OwnBox} for its frame. All fields are big-endian.
 *
 * <pre>
 *   body  bytes
 *   0     4      version
 *   4     4      number
 *   8     16     stream
 *   24    16     session
 *   40    8      nonce
 *   48    4      epoch
 *   52    4      count of tracks
 *   56    8      anchor, stream time in µs
 *   64    8      anchor, wall clock in µs since 1970
 *   72    8      opened, wall clock in µs since 1970
 *   80    …      tracks: 4 index, 4 length, then so many bytes of {@link TrackCoding}
 * </pre>
 */
final class HeadBox {
  private static final int FTYP = 0x6674_7970;
  private static final int MOOV = 0x6d6f_6f76;
  private static final int FIXED_BYTES = 80;
  private static final int TRACK_BYTES = 8;

  private HeadBox() {}

  static ByteBuffer write(SessionHead head) {
    List<ByteBuffer> formats =
        head.tracks().stream().map(track -> TrackCoding.encode(track.format())).toList();
    int formatBytes = formats.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer box = OwnBox.HEAD.begin(FIXED_BYTES + TRACK_BYTES * formats.size() + formatBytes);
    box.putInt(SessionLayout.VERSION).putInt(head.number());
    put(box, head.streamId());
    put(box, head.sessionId());
    box.putLong(head.nonce()).putInt(head.epoch()).putInt(head.tracks().size());
    box.putLong(head.anchorStreamUs()).putLong(head.anchorWallUs()).putLong(head.openedWallUs());
    for (int i = 0; i < formats.size(); i++) {
      ByteBuffer format = formats.get(i);
      box.putInt(head.tracks().get(i).index()).putInt(format.remaining()).put(format);
    }
    return OwnBox.end(box);
  }

  private static void put(ByteBuffer box, UUID id) {
    box.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  /** The head of a file, behind the {@code ftyp} and {@code moov}; empty when there is none. */
  static Optional<SessionHead> find(FileChannel file) throws IOException {
    Optional<Long> offset = offset(file);
    return offset.isEmpty()
        ? Optional.empty()
        : OwnBox.HEAD.read(file, offset.get()).flatMap(HeadBox::read);
  }

  private static Optional<Long> offset(FileChannel file) throws IOException {
    ByteBuffer boxHead = ByteBuffer.allocate(SessionLayout.BOX_HEAD_BYTES);
    long offset = 0;
    for (int type : new int[] {FTYP, MOOV}) {
      if (!OwnBox.readFully(file, boxHead.clear(), offset)) {
        return Optional.empty();
      }
      long boxBytes = Integer.toUnsignedLong(boxHead.getInt(0));
      if (boxHead.getInt(4) != type || boxBytes < SessionLayout.BOX_HEAD_BYTES) {
        return Optional.empty();
      }
      offset += boxBytes;
    }
    return Optional.of(offset);
  }

  /** Where the first fragment begins. */
  static long endOffset(FileChannel file, SessionHead head) throws IOException {
    return offset(file).orElseThrow() + write(head).remaining();
  }

  /** Empty when it is of another version, or not what we write. */
  static Optional<SessionHead> read(ByteBuffer body) {
    try {
      if (body.getInt() != SessionLayout.VERSION) {
        return Optional.empty();
      }
      int number = body.getInt();
      UUID streamId = id(body);
      UUID sessionId = id(body);
      long nonce = body.getLong();
      int epoch = body.getInt();
      int trackCount = body.getInt();
      long anchorStreamUs = body.getLong();
      long anchorWallUs = body.getLong();
      long openedWallUs = body.getLong();
      List<Track> tracks = new ArrayList<>();
      for (int i = 0; i < Math.min(trackCount, Track.MAX_TRACKS); i++) {
        tracks.add(track(body));
      }
      return Optional.of(
          new SessionHead(
              streamId,
              sessionId,
              number,
              nonce,
              epoch,
              anchorStreamUs,
              anchorWallUs,
              openedWallUs,
              tracks));
    } catch (HalcyonException | IllegalArgumentException | BufferUnderflowException notOurs) {
      return Optional.empty();
    }
  }

  private static UUID id(ByteBuffer body) {
    return new UUID(body.getLong(), body.getLong());
  }

  private static Track track(ByteBuffer body) {
    int index = body.getInt();
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new IllegalArgumentException("a format longer than its box");
    }
    ByteBuffer format = body.slice(body.position(), length);
    body.position(body.position() + length);
    return TrackCoding.decode(index, format);
  }
}
