package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;

/** At which packets decoding can begin. No state. */
public final class RandomAccess {
  private static final int AVC_IDR = 5;

  /** BLA, IDR and CRA (ITU-T H.265, table 7-1). */
  private static final int HEVC_IRAP_FIRST = 16;

  private static final int HEVC_IRAP_LAST = 21;

  private RandomAccess() {}

  /**
   * Whether a keyframe lets a decoder forget all that came before: of H.264 an IDR picture only, as
   * a recovery point goes on from what the decoder has; of AV1 one with its sequence header.
   *
   * @param keyframe a packet that its source calls a keyframe
   */
  public static boolean beginsAfresh(VideoFormat format, Bytes keyframe) {
    return switch (format.codec()) {
      case H264 -> holds(format, keyframe, AVC_IDR, AVC_IDR);
      case HEVC -> holds(format, keyframe, HEVC_IRAP_FIRST, HEVC_IRAP_LAST);
      // A decoder that has seen another encoder's header needs the source's again.
      case AV1 ->
          Av1Obus.of(keyframe, 0).stream().anyMatch(unit -> unit.type() == Av1Obus.SEQUENCE_HEADER);
      default -> true;
    };
  }

  /**
   * Whether pictures are right only some time behind a packet: its source refreshes them bit by bit
   * instead of sending keyframes.
   */
  public static boolean beginsRefresh(VideoFormat format, Bytes keyframe) {
    if (format.codec() != Codec.H264 || beginsAfresh(format, keyframe)) {
      return false;
    }
    SeiMessages messages = new SeiMessages();
    NalUnits.beforePicture(format, keyframe).stream()
        .filter(unit -> NalUnits.typeOf(Codec.H264, unit) == NalUnits.AVC_SEI)
        .forEach(unit -> messages.read(unit, 1));
    return messages.recoveryFrames().orElse(0) > 0;
  }

  private static boolean holds(VideoFormat format, Bytes packet, int firstType, int lastType) {
    return NalUnits.units(format, packet, unit -> true).stream()
        .mapToInt(unit -> NalUnits.typeOf(format.codec(), unit))
        .anyMatch(type -> type >= firstType && type <= lastType);
  }
}
