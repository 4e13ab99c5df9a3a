package dev.halcyon.codecs.bitstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an H.264 slice says of its picture and of the references that it ends (ITU-T H.264, 7.3.3).
 * Positions are bits of the payload behind the unit's header, without emulation prevention.
 *
 * @param frameNum counts frames that others refer to, with so many bits
 * @param isField of a field, not of a frame
 * @param isArithmetic whether its data begin with the next whole byte behind its header
 * @param marking what it does to references; empty where the decoder's window slides
 * @param endBit of its header
 */
record AvcSlice(
    int frameNum,
    int frameNumBits,
    boolean isField,
    boolean isArithmetic,
    Optional<Marking> marking,
    long endBit) {
  private static final int REORDERING_END = 3;
  private static final int MOST_REFERENCES = 32;
  private static final int IDR = 5;

  /** Kinds of slice_type, modulo 5. */
  private static final int P = 0;

  private static final int B = 1;
  private static final int I = 2;
  private static final int SP = 3;
  private static final int SI = 4;

  /**
   * Says which references are no longer needed, 7.3.3.3.
   *
   * @param startBit of the flag in front
   * @param endBit behind the operation that ends it
   * @param hasOthers whether there are other operations than those that end short-term references
   */
  record Marking(long startBit, long endBit, List<Ended> ended, boolean hasOthers) {}

  /**
   * @param picturesBack how far before this one, in picture numbers
   */
  record Ended(long startBit, long endBit, int picturesBack) {}

  /**
   * @param header of the NAL unit
   * @param bits behind it
   * @param sets the sets that are in force
   * @return empty when it cannot be read
   */
  static Optional<AvcSlice> parse(int header, BitReader bits, AvcSetsInForce sets) {
    bits.unsigned();
    int type = bits.unsigned() % 5;
    Optional<AvcPps> found = sets.pps(bits.unsigned());
    Optional<AvcSps> foundSps = found.flatMap(pps -> sets.sps(pps.spsId()));
    if (foundSps.isEmpty()) {
      return Optional.empty();
    }
    AvcPps pps = found.get();
    AvcSps sps = foundSps.get();
    if (sps.hasSeparatePlanes()) {
      bits.bits(2);
    }
    int frameNum = bits.bits(sps.log2MaxFrameNum());
    boolean isField = !sps.isFramesOnly() && bits.flag();
    if (isField) {
      bits.flag();
    }
    if ((header & 0x1f) == IDR) {
      bits.unsigned();
    }
    skipOrder(bits, sps, pps, isField);
    if (pps.hasRedundantPictures()) {
      bits.unsigned();
    }
    skipReferences(bits, type, sps, pps);
    Optional<Marking> marking = Optional.empty();
    if ((header & 0x60) != 0 && (header & 0x1f) != IDR) {
      marking = marking(bits);
    }
    skipRest(bits, type, pps);
    return bits.isExhausted()
        ? Optional.empty()
        : Optional.of(
            new AvcSlice(
                frameNum,
                sps.log2MaxFrameNum(),
                isField,
                pps.isArithmetic(),
                marking,
                bits.position()));
  }

  private static void skipOrder(BitReader bits, AvcSps sps, AvcPps pps, boolean isField) {
    boolean hasSecond = pps.hasOrderOfFields() && !isField;
    if (sps.orderType() == 0) {
      bits.bits(sps.log2MaxOrderLsb());
      if (hasSecond) {
        bits.signed();
      }
    } else if (sps.orderType() == 1 && !sps.isOrderDeltaZero()) {
      bits.signed();
      if (hasSecond) {
        bits.signed();
      }
    }
  }

  private static void skipReferences(BitReader bits, int type, AvcSps sps, AvcPps pps) {
    int lists = type == B ? 2 : type == P || type == SP ? 1 : 0;
    if (type == B) {
      bits.flag();
    }
    int[] counts = {pps.refsInList0(), pps.refsInList1()};
    if (lists > 0 && bits.flag()) {
      for (int list = 0; list < lists; list++) {
        counts[list] = bits.unsigned() + 1;
      }
    }
    for (int list = 0; list < lists; list++) {
      skipReordering(bits);
    }
    boolean hasWeights = type == B ? pps.bipredWeights() == 1 : lists > 0 && pps.isWeighted();
    if (hasWeights) {
      skipWeights(bits, lists, counts, !sps.hasSeparatePlanes() && sps.chromaFormatIdc() != 0);
    }
  }

  private static void skipReordering(BitReader bits) {
    if (!bits.flag()) {
      return;
    }
    while (!bits.isExhausted() && bits.unsigned() < REORDERING_END) {
      bits.unsigned();
    }
  }

  private static void skipWeights(BitReader bits, int lists, int[] counts, boolean hasChroma) {
    bits.unsigned();
    if (hasChroma) {
      bits.unsigned();
    }
    for (int list = 0; list < lists; list++) {
      for (int left = Math.min(MOST_REFERENCES, counts[list]); left > 0; left--) {
        skipPairs(bits, 1);
        if (hasChroma) {
          skipPairs(bits, 2);
        }
      }
    }
  }

  private static void skipPairs(BitReader bits, int count) {
    if (bits.flag()) {
      for (int i = 0; i < 2 * count; i++) {
        bits.signed();
      }
    }
  }

  private static Optional<Marking> marking(BitReader bits) {
    long startBit = bits.position();
    if (!bits.flag()) {
      return Optional.empty();
    }
    List<Ended> ended = new ArrayList<>();
    boolean hasOthers = false;
    boolean hasMore = true;
    while (hasMore && !bits.isExhausted()) {
      long at = bits.position();
      int operation = bits.unsigned();
      int argument = operation == 0 || operation == 5 ? 0 : bits.unsigned();
      if (operation == 1) {
        ended.add(new Ended(at, bits.position(), argument + 1));
      } else if (operation == 3) {
        bits.unsigned();
      }
      hasOthers |= operation > 1;
      hasMore = operation != 0;
    }
    return Optional.of(new Marking(startBit, bits.position(), ended, hasOthers));
  }

  /** Slice groups, which none of the sets taken here has, would follow. */
  private static void skipRest(BitReader bits, int type, AvcPps pps) {
    boolean isIntra = type == I || type == SI;
    if (pps.isArithmetic() && !isIntra) {
      bits.unsigned();
    }
    bits.signed();
    if (type == SP) {
      bits.flag();
    }
    if (type == SP || type == SI) {
      bits.signed();
    }
    if (pps.hasDeblocking() && bits.unsigned() != 1) {
      bits.signed();
      bits.signed();
    }
  }
}
