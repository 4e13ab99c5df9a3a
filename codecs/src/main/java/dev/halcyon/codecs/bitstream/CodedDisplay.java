package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.VideoFormat;
import java.util.List;
import java.util.Optional;

/**
 * How pictures are to be shown, by all that is known: what the coded media says, and over it what
 * was said beside it (as boxes of MP4 overrule the bit stream). What cannot be read says nothing.
 * No state.
 */
public final class CodedDisplay {
  /** {@code vpcC} up to and with the matrix. */
  private static final int VPCC_BYTES = 10;

  /** {@code av1C} in front of its units. */
  private static final int AV1C_BYTES = 4;

  private CodedDisplay() {}

  /** By the track's configuration. */
  public static Display of(VideoFormat format) {
    Display coded =
        switch (format.codec()) {
          case H264, HEVC -> ofUnits(format.codec(), NalUnits.ofConfig(format));
          case AV1 -> ofObus(Av1Obus.of(format.config(), AV1C_BYTES));
          case VP9 -> ofColour(vp9Colour(format.config()));
          default -> Display.PLAIN;
        };
    return coded.refinedBy(format.display());
  }

  /** By the configuration and a keyframe, which may say more: HDR stands in its messages. */
  static Display of(VideoFormat format, Bytes keyframe) {
    Display coded =
        switch (format.codec()) {
          case H264, HEVC -> {
            List<Bytes> inBand = NalUnits.beforePicture(format, keyframe);
            yield ofUnits(format.codec(), NalUnits.ofConfig(format))
                .refinedBy(ofUnits(format.codec(), inBand));
          }
          case AV1 -> ofObus(Av1Obus.of(keyframe, 0));
          default -> Display.PLAIN;
        };
    return coded.refinedBy(format.display());
  }

  private static Display ofUnits(Codec codec, List<Bytes> units) {
    Usability usability = Usability.NONE;
    SeiMessages messages = new SeiMessages();
    for (Bytes unit : units) {
      int type = NalUnits.typeOf(codec, unit);
      if (codec == Codec.HEVC && type == NalUnits.HEVC_SPS) {
        usability = HevcSps.parse(unit).map(HevcSps::usability).orElse(usability);
      } else if (codec == Codec.H264 && type == NalUnits.AVC_SPS) {
        usability = AvcSps.parse(unit).map(AvcSps::usability).orElse(usability);
      } else if (codec == Codec.HEVC && type == NalUnits.HEVC_PREFIX_SEI) {
        messages.read(unit, 2);
      } else if (codec == Codec.H264 && type == NalUnits.AVC_SEI) {
        messages.read(unit, 1);
      }
    }
    Optional<ColourCode> colour = usability.colour();
    if (messages.transfer().isPresent()) {
      int transfer = messages.transfer().getAsInt();
      colour = colour.map(code -> code.withTransfer(transfer));
    }
    return new Display(
        Orientation.UPRIGHT,
        usability.sampleAspect(),
        colour,
        messages.mastering(),
        messages.light());
  }

  private static Display ofObus(List<Av1Obus.Obu> units) {
    Optional<ColourCode> colour =
        units.stream()
            .filter(unit -> unit.type() == Av1Obus.SEQUENCE_HEADER)
            .findFirst()
            .flatMap(unit -> Av1Sequence.parse(unit.payload()))
            .map(Av1Sequence::colour)
            .filter(CodedDisplay::saysAnything);
    return ofColour(colour).refinedBy(Av1Metadata.of(units));
  }

  static Optional<ColourCode> vp9Colour(Bytes vpcC) {
    if (vpcC.length() < VPCC_BYTES) {
      return Optional.empty();
    }
    ColourCode code = new ColourCode(vpcC.at(7), vpcC.at(8), vpcC.at(9), (vpcC.at(6) & 1) != 0);
    return Optional.of(code).filter(CodedDisplay::saysAnything);
  }

  static boolean saysAnything(ColourCode code) {
    int unsaid = ColourCode.UNSPECIFIED;
    return code.primaries() != unsaid
        || code.transfer() != unsaid
        || code.matrix() != unsaid
        || code.isFullRange();
  }

  private static Display ofColour(Optional<ColourCode> colour) {
    return new Display(
        Orientation.UPRIGHT, Optional.empty(), colour, Optional.empty(), Optional.empty());
  }
}
