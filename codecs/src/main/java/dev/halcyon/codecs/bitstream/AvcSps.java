package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import java.util.Optional;
import java.util.Set;

/**
 * What an H.264 sequence parameter set says of the pictures (ITU-T H.264, 7.3.2.1.1).
 *
 * @param id by which picture parameter sets name it
 * @param profileIdc also as {@code avcC} has it
 * @param isFramesOnly whether no picture can be a field
 * @param log2MaxFrameNum bits of a slice's frame_num
 * @param orderType 0: slices carry the low bits of the picture order, 1: differences, 2: nothing
 * @param log2MaxOrderLsb how many bits
 * @param isOrderDeltaZero whether those differences are left out
 * @param hasSeparatePlanes whether each slice names its colour plane
 */
public record AvcSps(
    int id,
    int profileIdc,
    int chromaFormatIdc,
    int bitDepthLuma,
    int bitDepthChroma,
    boolean isFramesOnly,
    int log2MaxFrameNum,
    int orderType,
    int log2MaxOrderLsb,
    boolean isOrderDeltaZero,
    boolean hasSeparatePlanes,
    int widthPx,
    int heightPx,
    Usability usability) {
  /** Profiles whose parameter sets state a chroma format. */
  private static final Set<Integer> HIGH_PROFILES =
      Set.of(100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135);

  private static final int MAX_CYCLE = 255;

  private record Chroma(int formatIdc, int lumaDepth, int chromaDepth, boolean isSeparate) {
    static final Chroma PLAIN = new Chroma(1, 8, 8, false);
  }

  private record Order(int type, int log2MaxLsb, boolean isDeltaZero) {}

  /**
   * @param nal with its header
   * @return empty when it cannot be read to its end
   */
  public static Optional<AvcSps> parse(Bytes nal) {
    BitReader bits = BitReader.ofNal(nal, 1, nal.length());
    int profile = bits.bits(8);
    bits.bits(16);
    int id = bits.unsigned();
    Chroma chroma = HIGH_PROFILES.contains(profile) ? chroma(bits) : Chroma.PLAIN;
    int log2MaxFrameNum = bits.unsigned() + 4;
    Order order = order(bits);
    bits.unsigned();
    bits.flag();
    long width = 16L * (bits.unsigned() + 1L);
    long mapUnits = bits.unsigned() + 1L;
    boolean isFramesOnly = bits.flag();
    long height = 16 * mapUnits * (isFramesOnly ? 1 : 2);
    if (!isFramesOnly) {
      bits.flag();
    }
    bits.flag();
    if (bits.flag()) {
      int cropX = chroma.formatIdc == 1 || chroma.formatIdc == 2 ? 2 : 1;
      int cropY = (chroma.formatIdc == 1 ? 2 : 1) * (isFramesOnly ? 1 : 2);
      width -= cropX * ((long) bits.unsigned() + bits.unsigned());
      height -= cropY * ((long) bits.unsigned() + bits.unsigned());
    }
    Usability usability = Usability.read(bits);
    boolean isSane = width > 0 && height > 0 && width <= 0xffff && height <= 0xffff;
    isSane &= log2MaxFrameNum <= 16 && order.log2MaxLsb <= 16;
    return bits.isExhausted() || !isSane
        ? Optional.empty()
        : Optional.of(
            new AvcSps(
                id,
                profile,
                chroma.formatIdc,
                chroma.lumaDepth,
                chroma.chromaDepth,
                isFramesOnly,
                log2MaxFrameNum,
                order.type,
                order.log2MaxLsb,
                order.isDeltaZero,
                chroma.isSeparate,
                (int) width,
                (int) height,
                usability));
  }

  private static Order order(BitReader bits) {
    int type = bits.unsigned();
    if (type == 0) {
      return new Order(type, bits.unsigned() + 4, false);
    }
    boolean isDeltaZero = false;
    if (type == 1) {
      isDeltaZero = bits.flag();
      bits.signed();
      bits.signed();
      int cycle = Math.min(MAX_CYCLE, bits.unsigned());
      for (int left = cycle; left > 0 && !bits.isExhausted(); left--) {
        bits.signed();
      }
    }
    return new Order(type, 0, isDeltaZero);
  }

  private static Chroma chroma(BitReader bits) {
    int format = bits.unsigned();
    boolean isSeparate = format == 3 && bits.flag();
    int lumaDepth = 8 + bits.unsigned();
    int chromaDepth = 8 + bits.unsigned();
    bits.flag();
    if (bits.flag()) {
      int lists = format == 3 ? 12 : 8;
      for (int i = 0; i < lists && !bits.isExhausted(); i++) {
        if (bits.flag()) {
          skipScalingList(bits, i < 6 ? 16 : 64);
        }
      }
    }
    return new Chroma(format, lumaDepth, chromaDepth, isSeparate);
  }

  private static void skipScalingList(BitReader bits, int size) {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size; i++) {
      if (next != 0) {
        next = (last + bits.signed()) & 0xff;
      }
      last = next == 0 ? last : next;
    }
  }
}
