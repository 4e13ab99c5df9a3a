package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import java.util.Optional;

/**
 * What an H.264 picture parameter set says of how slice headers are to be read (ITU-T H.264,
 * 7.3.2.2).
 *
 * @param isArithmetic coded with CABAC, not with CAVLC
 * @param hasOrderOfFields whether slices of frames state the order of their second field
 * @param refsInList0 how many references a slice uses that does not say so
 * @param isWeighted whether P slices carry weights
 * @param bipredWeights 1: B slices do
 * @param hasDeblocking whether slices say how they are deblocked
 * @param hasRedundantPictures whether slices say which copy of their picture they are of
 */
record AvcPps(
    int id,
    int spsId,
    boolean isArithmetic,
    boolean hasOrderOfFields,
    int refsInList0,
    int refsInList1,
    boolean isWeighted,
    int bipredWeights,
    boolean hasDeblocking,
    boolean hasRedundantPictures) {

  /**
   * @param nal with its header
   * @return empty when it cannot be read, or has groups of slices (which no encoder in use makes)
   */
  static Optional<AvcPps> parse(Bytes nal) {
    BitReader bits = BitReader.ofNal(nal, 1, nal.length());
    int id = bits.unsigned();
    int spsId = bits.unsigned();
    boolean isArithmetic = bits.flag();
    boolean hasOrderOfFields = bits.flag();
    if (bits.unsigned() > 0) {
      return Optional.empty();
    }
    int refsInList0 = bits.unsigned() + 1;
    int refsInList1 = bits.unsigned() + 1;
    boolean isWeighted = bits.flag();
    int bipredWeights = bits.bits(2);
    bits.signed();
    bits.signed();
    bits.signed();
    boolean hasDeblocking = bits.flag();
    bits.flag();
    boolean hasRedundantPictures = bits.flag();
    return bits.isExhausted()
        ? Optional.empty()
        : Optional.of(
            new AvcPps(
                id,
                spsId,
                isArithmetic,
                hasOrderOfFields,
                refsInList0,
                refsInList1,
                isWeighted,
                bipredWeights,
                hasDeblocking,
                hasRedundantPictures));
  }
}
