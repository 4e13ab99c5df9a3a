package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;

/**
 * Reads an AV1 sequence header (AV1 bitstream specification, 5.5) as far as {@code av1C} (AV1 codec
 * ISO media file format binding, 2.3) wants to know of it. One call an object.
 */
public final class Av1Sequence {
  private static final int IDENTITY_SRGB = 1 << 16 | 13 << 8;

  private final BitReader in;
  private int profile;
  private int level;
  private int tier;
  private int isReduced;
  private int colourBits;
  private int widthPx;
  private int heightPx;

  private Av1Sequence(byte[] payload) {
    this.in = new BitReader(payload);
  }

  /**
   * @param payload of the sequence header OBU, without header and size
   * @param sized the same OBU whole, with its size field
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public static VideoFormat parse(byte[] payload, byte[] sized) {
    Av1Sequence sequence = new Av1Sequence(payload);
    sequence.read();
    byte[] config = new byte[4 + sized.length];
    config[0] = (byte) 0x81; // Marker, version 1.
    config[1] = (byte) (sequence.profile << 5 | sequence.level);
    config[2] = (byte) (sequence.tier << 7 | sequence.colourBits);
    System.arraycopy(sized, 0, config, 4, sized.length);
    return new VideoFormat(Codec.AV1, sequence.widthPx, sequence.heightPx, Bytes.copyOf(config));
  }

  private void read() {
    profile = in.bits(3);
    if (profile > 2) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "AV1 profile " + profile);
    }
    in.flag(); // still_picture
    isReduced = in.bits(1);
    if (isReduced == 1) {
      level = in.bits(5);
    } else {
      readOperatingPoints();
    }
    readSize();
    skipTools();
    colourBits = colour();
  }

  private void readOperatingPoints() {
    boolean hasDecoderModel = false;
    int delayBits = 0;
    if (in.flag()) {
      in.skip(64); // num_units_in_display_tick, time_scale
      if (in.flag()) {
        skipUvlc(); // num_ticks_per_picture_minus_1
      }
      hasDecoderModel = in.flag();
      if (hasDecoderModel) {
        delayBits = in.bits(5) + 1;
        in.skip(32 + 5 + 5); // Tick, lengths of times.
      }
    }
    boolean hasDisplayDelay = in.flag();
    int points = in.bits(5) + 1;
    for (int i = 0; i < points; i++) {
      in.skip(12); // operating_point_idc
      int pointLevel = in.bits(5);
      int pointTier = pointLevel > 7 ? in.bits(1) : 0;
      if (hasDecoderModel && in.flag()) {
        in.skip(2 * delayBits + 1);
      }
      if (hasDisplayDelay && in.flag()) {
        in.skip(4);
      }
      if (i == 0) {
        level = pointLevel;
        tier = pointTier;
      }
    }
  }

  private void readSize() {
    int widthBits = in.bits(4) + 1;
    int heightBits = in.bits(4) + 1;
    widthPx = in.bits(widthBits) + 1;
    heightPx = in.bits(heightBits) + 1;
    if (widthPx > 16_384 || heightPx > 16_384) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "picture size out of range [" + widthPx + "x" + heightPx + "]");
    }
  }

  private void skipTools() {
    if (isReduced == 0 && in.flag()) {
      in.skip(7); // Lengths of frame ids.
    }
    in.skip(3); // Superblock size, filter intra, intra edge filter.
    if (isReduced == 0) {
      in.skip(4); // Compounds, warped motion, dual filter.
      boolean hasOrderHint = in.flag();
      if (hasOrderHint) {
        in.skip(2);
      }
      boolean isScreenContentChosen = in.flag();
      boolean mayBeScreenContent = isScreenContentChosen || in.flag();
      if (mayBeScreenContent && !in.flag()) {
        in.flag(); // seq_force_integer_mv
      }
      if (hasOrderHint) {
        in.skip(3);
      }
    }
    in.skip(3); // Superres, cdef, restoration.
  }

  /** color_config() as the low seven bits of the third byte of {@code av1C}. */
  private int colour() {
    int isHigh = in.bits(1);
    int isTwelve = profile == 2 && isHigh == 1 ? in.bits(1) : 0;
    int isMonochrome = profile == 1 ? 0 : in.bits(1);
    int description = in.flag() ? in.bits(24) : 2 << 16 | 2 << 8 | 2;
    int subsamplingX = 1;
    int subsamplingY = 1;
    int position = 0;
    if (isMonochrome == 1) {
      in.flag(); // color_range
    } else if (description == IDENTITY_SRGB) {
      subsamplingX = 0;
      subsamplingY = 0;
    } else {
      in.flag(); // color_range
      if (profile == 2 && isTwelve == 1) {
        subsamplingX = in.bits(1);
        subsamplingY = subsamplingX == 1 ? in.bits(1) : 0;
      } else {
        subsamplingX = profile == 1 ? 0 : 1;
        subsamplingY = profile == 0 ? 1 : 0;
      }
      position = subsamplingX == 1 && subsamplingY == 1 ? in.bits(2) : 0;
    }
    return isHigh << 6
        | isTwelve << 5
        | isMonochrome << 4
        | subsamplingX << 3
        | subsamplingY << 2
        | position;
  }

  /** uvlc() (4.10.3). */
  private void skipUvlc() {
    int zeros = 0;
    while (!in.flag()) {
      zeros++;
    }
    if (zeros < 32) {
      in.skip(zeros);
    }
  }
}
