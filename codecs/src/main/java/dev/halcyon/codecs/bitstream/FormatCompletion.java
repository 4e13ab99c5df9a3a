package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;

/**
 * Completes a track's format from its first packet: configurations that some sources leave to the
 * coded media, and HDR metadata, which stands in front of keyframes. No state; never fails.
 */
public final class FormatCompletion {
  /** VP codec binding: version 1, then ten bytes and the length of nothing. */
  private static final int VPCC_BYTES = 12;

  private static final int VPCC_VERSION = 1;
  private static final int AV1C_VERSION = 0x81;

  private FormatCompletion() {}

  /** Whether a first packet, a keyframe of video, may tell more than the format does. */
  public static boolean isWanted(TrackFormat format) {
    return switch (format) {
      case AudioFormat audio -> audio.codec() == Codec.AC3 && audio.config().isEmpty();
      case VideoFormat video ->
          video.widthPx() == 0
              || switch (video.codec()) {
                case H264, HEVC -> isWideGamut(video);
                case AV1 -> !isAv1Config(video.config()) || isWideGamut(video);
                case VP9 -> !isVp9Config(video.config());
                default -> false;
              };
    };
  }

  private static boolean isWideGamut(VideoFormat video) {
    return CodedDisplay.of(video)
        .colour()
        .filter(
            colour ->
                colour.primaries() == ColourCode.BT2020
                    || colour.transfer() == ColourCode.PQ
                    || colour.transfer() == ColourCode.HLG)
        .isPresent();
  }

  private static boolean isAv1Config(Bytes config) {
    return config.length() >= 4 && config.at(0) == AV1C_VERSION;
  }

  private static boolean isVp9Config(Bytes config) {
    return config.length() >= VPCC_BYTES && config.at(0) == VPCC_VERSION;
  }

  /**
   * @param packet the first one coded with the format; a keyframe of video
   * @return the format as it is where the packet tells nothing
   */
  public static TrackFormat completed(TrackFormat format, Bytes packet) {
    return switch (format) {
      case AudioFormat audio ->
          audio.codec() == Codec.AC3 && audio.config().isEmpty()
              ? Ac3Header.config(packet).map(audio::withConfig).orElse(audio)
              : audio;
      case VideoFormat video -> {
        VideoFormat sized = video.widthPx() == 0 ? CodedSize.of(video, packet) : video;
        yield switch (video.codec()) {
          case VP9 -> isVp9Config(video.config()) ? sized : vp9(sized, packet);
          case AV1 -> shown(isAv1Config(video.config()) ? sized : av1(sized, packet), packet);
          case H264, HEVC -> shown(sized, packet);
          default -> sized;
        };
      }
    };
  }

  private static VideoFormat shown(VideoFormat video, Bytes packet) {
    Display display = CodedDisplay.of(video, packet);
    return display.equals(CodedDisplay.of(video)) ? video : video.withDisplay(display);
  }

  private static VideoFormat av1(VideoFormat video, Bytes packet) {
    return Av1Config.of(packet).map(video::withConfig).orElse(video);
  }

  private static VideoFormat vp9(VideoFormat video, Bytes packet) {
    return Vp9Header.parse(packet)
        .map(
            header ->
                video.withConfig(header.config(video.display().colour().orElse(header.colour()))))
        .orElse(video);
  }
}
