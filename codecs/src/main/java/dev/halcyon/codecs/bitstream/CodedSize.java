package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the picture size of a track whose source did not state it. No state. */
final class CodedSize {
  /** The start code of a VP8 keyframe, after its tag of three bytes (RFC 6386, 9.1). */
  private static final int VP8_START_CODE = 0x9d_01_2a;

  private record Size(int widthPx, int heightPx) {}

  private CodedSize() {}

  /** The format with its size; as it is where neither configuration nor keyframe says it. */
  static VideoFormat of(VideoFormat format, Bytes keyframe) {
    Optional<Size> found =
        switch (format.codec()) {
          case H264, HEVC ->
              Stream.concat(
                      NalUnits.ofConfig(format).stream(),
                      NalUnits.beforePicture(format, keyframe).stream())
                  .flatMap(unit -> ofUnit(format.codec(), unit).stream())
                  .findFirst();
          case AV1 ->
              Av1Obus.of(keyframe, 0).stream()
                  .filter(unit -> unit.type() == Av1Obus.SEQUENCE_HEADER)
                  .flatMap(unit -> Av1Sequence.parse(unit.payload()).stream())
                  .map(sequence -> new Size(sequence.widthPx(), sequence.heightPx()))
                  .findFirst();
          case VP9 ->
              Vp9Header.parse(keyframe)
                  .map(header -> new Size(header.widthPx(), header.heightPx()));
          case VP8 -> ofVp8(keyframe);
          default -> Optional.empty();
        };
    return found
        .filter(size -> size.widthPx <= 16_384 && size.heightPx <= 16_384)
        .map(
            size ->
                new VideoFormat(
                    format.codec(), size.widthPx, size.heightPx, format.config(), format.display()))
        .orElse(format);
  }

  private static Optional<Size> ofUnit(Codec codec, Bytes unit) {
    int type = NalUnits.typeOf(codec, unit);
    if (codec == Codec.HEVC && type == NalUnits.HEVC_SPS) {
      return HevcSps.parse(unit).map(sps -> new Size(sps.widthPx(), sps.heightPx()));
    }
    return codec == Codec.H264 && type == NalUnits.AVC_SPS
        ? AvcSps.parse(unit).map(sps -> new Size(sps.widthPx(), sps.heightPx()))
        : Optional.empty();
  }

  private static Optional<Size> ofVp8(Bytes frame) {
    boolean isKeyframe =
        frame.length() >= 10
            && (frame.at(0) & 1) == 0
            && (frame.at(3) << 16 | frame.at(4) << 8 | frame.at(5)) == VP8_START_CODE;
    return isKeyframe
        ? Optional.of(
            new Size(
                (frame.at(7) << 8 | frame.at(6)) & 0x3fff,
                (frame.at(9) << 8 | frame.at(8)) & 0x3fff))
        : Optional.empty();
  }
}
