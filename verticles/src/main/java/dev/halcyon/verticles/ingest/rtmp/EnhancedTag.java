package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;

/**
 * Takes tags of Enhanced RTMP (Veovera, "Enhanced RTMP v2", Enhanced Audio and Enhanced Video)
 * apart. No state.
 *
 * <pre>
 *   video    0 1:1 frame type:3 packet type:4 | rest
 *   audio    0 9:4 packet type:4              | rest
 *
 *   rest     packet type 7: 0 length − 1 : 8 (255: length − 1 : 16 follows) | … | kind:4 packet type:4 | rest
 *            one track:     0 codec:32 | body
 *            many tracks:   0 kind:4 packet type:4 | codec:32 | n × (track:8 | length:24 | body)
 *                           kind 0: one track, without its length;  kind 2: each with a codec of its own
 * </pre>
 */
final class EnhancedTag {
  static final int CONFIGURATION = 0;
  static final int CODED = 1;
  static final int END_OF_SEQUENCE = 2;

  /** Pictures whose composition offset is 0. */
  static final int CODED_UNSHIFTED = 3;

  /** Of pictures: HDR metadata. Of sound: where channels stand. */
  static final int METADATA = 4;

  static final int TRACKS_OF_VIDEO = 6;
  static final int TRACKS_OF_AUDIO = 5;

  private static final int MODIFIER = 7;
  private static final int ONE_TRACK = 0;
  private static final int MANY_CODECS = 2;

  private EnhancedTag() {}

  /** Where the parts of a tag go. */
  interface Sink {
    /**
     * @param fourCc of the codec
     * @param body valid during the call
     */
    void onPart(int packetType, int fourCc, int track, ByteBuffer body);
  }

  /**
   * @param packetType of the first byte
   * @param tracksType the packet type that says that there are tracks
   * @param rest behind the first byte; consumed
   * @throws HalcyonException CORRUPT_MEDIA
   */
  static void read(int packetType, int tracksType, ByteBuffer rest, Sink sink) {
    int type = packetType;
    while (type == MODIFIER) {
      type = skipModifier(rest);
    }
    if (type != tracksType) {
      require(rest, Integer.BYTES);
      int fourCc = rest.getInt();
      sink.onPart(type, fourCc, 0, rest);
      return;
    }
    require(rest, 1);
    int kind = rest.get();
    readTracks(kind >> 4 & 0xf, kind & 0xf, rest, sink);
  }

  private static void readTracks(int kind, int packetType, ByteBuffer rest, Sink sink) {
    int fourCc = 0;
    if (kind != MANY_CODECS) {
      require(rest, Integer.BYTES);
      fourCc = rest.getInt();
    }
    while (rest.hasRemaining()) {
      if (kind == MANY_CODECS) {
        require(rest, Integer.BYTES);
        fourCc = rest.getInt();
      }
      require(rest, 1);
      int track = rest.get() & 0xff;
      int length = kind == ONE_TRACK ? rest.remaining() : u24(rest);
      require(rest, length);
      sink.onPart(packetType, fourCc, track, rest.slice(rest.position(), length));
      rest.position(rest.position() + length);
    }
  }

  /** Finer times are all that is modified yet, and milliseconds do. */
  private static int skipModifier(ByteBuffer rest) {
    require(rest, 1);
    int length = (rest.get() & 0xff) + 1;
    if (length == 256) {
      require(rest, Short.BYTES);
      length = (rest.getShort() & 0xffff) + 1;
    }
    require(rest, length + 1);
    rest.position(rest.position() + length);
    return rest.get() & 0xf;
  }

  private static int u24(ByteBuffer in) {
    require(in, 3);
    return (in.get() & 0xff) << 16 | (in.get() & 0xff) << 8 | (in.get() & 0xff);
  }

  private static void require(ByteBuffer in, int bytes) {
    if (in.remaining() < bytes) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "Enhanced RTMP tag cut off");
    }
  }
}
