package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The uncompressed header of a VP9 frame (VP9 bitstream specification, 6.2). */
public final class Vp9Header {
  private static final int HEADER_BYTES = 16;
  private static final int FRAME_MARKER = 2;
  private static final int SYNC_CODE = 0x498342;
  private static final int COLOUR_RGB = 7;
  private static final int UNSPECIFIED = 2;

  private Vp9Header() {}

  /**
   * The format that a keyframe announces, with the body of {@code vpcC} (VP codec ISO media file
   * format binding, version 1, level not stated); empty for any other frame.
   *
   * @param frame from position to limit; not consumed
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public static Optional<VideoFormat> keyframe(ByteBuffer frame) {
    byte[] head = new byte[Math.min(frame.remaining(), HEADER_BYTES)];
    frame.get(frame.position(), head);
    BitReader in = new BitReader(head);
    require(in.bits(2) == FRAME_MARKER, "not a VP9 frame");
    int profile = in.bits(1) | in.bits(1) << 1;
    if (profile == 3) {
      in.flag();
    }
    boolean isRepeat = in.flag(); // show_existing_frame
    if (isRepeat || in.flag()) { // frame_type
      return Optional.empty();
    }
    in.skip(2); // show_frame, error_resilient_mode
    require(in.bits(24) == SYNC_CODE, "VP9 keyframe without its sync code");
    return Optional.of(read(in, profile));
  }

  private static VideoFormat read(BitReader in, int profile) {
    int bits = profile >= 2 ? 10 + 2 * in.bits(1) : 8;
    int colourSpace = in.bits(3);
    boolean isOdd = (profile & 1) == 1;
    int chroma = 3; // 4:4:4
    int range = 1;
    if (colourSpace != COLOUR_RGB) {
      range = in.bits(1);
      // 1: 4:2:0 with luma; then 4:2:2, 4:4:4, 4:4:0.
      chroma = isOdd ? oddChroma(in.bits(2)) : 1;
    }
    if (isOdd) {
      in.flag(); // Reserved.
    }
    int widthPx = in.bits(16) + 1;
    int heightPx = in.bits(16) + 1;
    require(widthPx <= 16_384 && heightPx <= 16_384, "VP9 picture too large");
    byte[] config = {
      1,
      0,
      0,
      0,
      (byte) profile,
      0,
      (byte) (bits << 4 | chroma << 1 | range),
      UNSPECIFIED,
      UNSPECIFIED,
      (byte) (colourSpace == COLOUR_RGB ? 0 : UNSPECIFIED),
      0,
      0
    };
    return new VideoFormat(Codec.VP9, widthPx, heightPx, Bytes.copyOf(config));
  }

  /** subsampling_x, subsampling_y. */
  private static int oddChroma(int subsampling) {
    return switch (subsampling) {
      case 0 -> 3;
      case 1 -> 4;
      case 2 -> 2;
      default -> throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "VP9 subsampling");
    };
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, otherwise);
    }
  }
}
