package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What an H.265 sequence parameter set says of the pictures (ITU-T H.265, 7.3.2.2).
 *
 * @param usability the start of its usability information
 */
public record HevcSps(
    int chromaFormatIdc,
    int bitDepthLuma,
    int bitDepthChroma,
    int widthPx,
    int heightPx,
    Usability usability) {
  private static final int MAX_SETS = 64;
  private static final int MAX_LONG_TERM = 32;

  /** A set names at most 16 pictures (7.4.8); room for what a damaged one may claim. */
  private static final int MAX_PICTURES = 64;

  /**
   * @param nal with its header
   * @return empty when it cannot be read to its end
   */
  public static Optional<HevcSps> parse(Bytes nal) {
    BitReader bits = BitReader.ofNal(nal, 2, nal.length());
    bits.bits(4);
    int subLayers = bits.bits(3);
    bits.flag();
    skipProfileTierLevel(bits, subLayers);
    bits.unsigned();
    int chroma = bits.unsigned();
    if (chroma == 3) {
      bits.flag();
    }
    long width = bits.unsigned();
    long height = bits.unsigned();
    if (bits.flag()) {
      int cropX = chroma == 1 || chroma == 2 ? 2 : 1;
      int cropY = chroma == 1 ? 2 : 1;
      width -= cropX * ((long) bits.unsigned() + bits.unsigned());
      height -= cropY * ((long) bits.unsigned() + bits.unsigned());
    }
    int lumaDepth = 8 + bits.unsigned();
    int chromaDepth = 8 + bits.unsigned();
    boolean isReadable = skipToUsability(bits, subLayers);
    Usability usability = isReadable ? Usability.read(bits) : Usability.NONE;
    boolean isSane = width > 0 && height > 0 && width <= 0xffff && height <= 0xffff;
    return !isReadable || bits.isExhausted() || !isSane
        ? Optional.empty()
        : Optional.of(
            new HevcSps(chroma, lumaDepth, chromaDepth, (int) width, (int) height, usability));
  }

  /** 7.3.3: 88 bits of profile, 8 of level; then flags and the same for each sub-layer. */
  private static void skipProfileTierLevel(BitReader bits, int subLayers) {
    bits.skip(96);
    boolean[] hasProfile = new boolean[subLayers];
    boolean[] hasLevel = new boolean[subLayers];
    for (int i = 0; i < subLayers; i++) {
      hasProfile[i] = bits.flag();
      hasLevel[i] = bits.flag();
    }
    if (subLayers > 0) {
      bits.skip(2L * (8 - subLayers));
    }
    for (int i = 0; i < subLayers; i++) {
      bits.skip((hasProfile[i] ? 88 : 0) + (hasLevel[i] ? 8 : 0));
    }
  }

  private static boolean skipToUsability(BitReader bits, int subLayers) {
    int log2MaxOrder = bits.unsigned() + 4;
    for (int i = bits.flag() ? 0 : subLayers; i <= subLayers; i++) {
      bits.unsigned();
      bits.unsigned();
      bits.unsigned();
    }
    for (int i = 0; i < 6; i++) {
      bits.unsigned();
    }
    boolean hasScaling = bits.flag();
    if (hasScaling && bits.flag()) {
      skipScalingLists(bits);
    }
    bits.bits(2);
    if (bits.flag()) {
      bits.bits(8);
      bits.unsigned();
      bits.unsigned();
      bits.flag();
    }
    if (!skipShortTermSets(bits) || log2MaxOrder > 16) {
      return false;
    }
    if (bits.flag()) {
      int count = bits.unsigned();
      if (count > MAX_LONG_TERM) {
        return false;
      }
      bits.skip((long) count * (log2MaxOrder + 1));
    }
    bits.bits(2);
    return true;
  }

  /** 7.3.4. */
  private static void skipScalingLists(BitReader bits) {
    for (int size = 0; size < 4; size++) {
      int coefficients = Math.min(64, 1 << (4 + (size << 1)));
      for (int matrix = 0; matrix < 6 && !bits.isExhausted(); matrix += size == 3 ? 3 : 1) {
        if (!bits.flag()) {
          bits.unsigned();
          continue;
        }
        if (size > 1) {
          bits.signed();
        }
        for (int i = 0; i < coefficients && !bits.isExhausted(); i++) {
          bits.signed();
        }
      }
    }
  }

  /** 7.3.7, as far as the number of pictures in each set, which the next may build on. */
  private static boolean skipShortTermSets(BitReader bits) {
    int sets = bits.unsigned();
    int[] before = {};
    for (int set = 0; set < sets; set++) {
      if (sets > MAX_SETS || bits.isExhausted() || before.length > MAX_PICTURES) {
        return false;
      }
      boolean isPredicted = set > 0 && bits.flag();
      before = isPredicted ? predicted(bits, before) : stated(bits);
    }
    return true;
  }

  private static int[] stated(BitReader bits) {
    int negative = Math.min(MAX_PICTURES, bits.unsigned());
    int positive = Math.min(MAX_PICTURES, bits.unsigned());
    int[] deltas = new int[negative + positive];
    int delta = 0;
    for (int i = 0; i < deltas.length && !bits.isExhausted(); i++) {
      delta = i == negative ? 0 : delta;
      int step = bits.unsigned() + 1;
      delta += i < negative ? -step : step;
      deltas[i] = delta;
      bits.flag();
    }
    return deltas;
  }

  /** Equations 7-61 and 7-62: the nearest earlier picture first, then the nearest later one. */
  private static int[] predicted(BitReader bits, int[] before) {
    boolean isNegative = bits.flag();
    int step = bits.unsigned() + 1;
    int shift = isNegative ? -step : step;
    int[] deltas = new int[before.length + 1];
    int count = 0;
    for (int i = 0; i <= before.length && !bits.isExhausted(); i++) {
      boolean isUsed = bits.flag();
      boolean isKept = isUsed || bits.flag();
      int delta = shift + (i < before.length ? before[i] : 0);
      if (isKept && delta != 0) {
        deltas[count++] = delta;
      }
    }
    return IntStream.of(deltas)
        .limit(count)
        .boxed()
        .sorted(
            Comparator.comparing((Integer delta) -> delta > 0)
                .thenComparingInt((Integer delta) -> Math.abs(delta)))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
