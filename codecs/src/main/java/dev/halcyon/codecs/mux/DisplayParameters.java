package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_CONTENT_LIGHT_LEVEL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_MASTERING_DISPLAY_METADATA;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_new;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.ContentLight;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avutil.AVContentLightMetadata;
import org.bytedeco.ffmpeg.avutil.AVMasteringDisplayMetadata;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** How pictures are shown, as libavformat's codec parameters, and back. Any thread. */
final class DisplayParameters {
  private static final int MATRIX_BYTES = 9 * Integer.BYTES;
  private static final int CHROMATICITY_UNITS = 50_000;
  private static final int LUMINANCE_UNITS = 10_000;

  private DisplayParameters() {}

  /** Tells a muxer; what HDR was graded on is left to the coded media. */
  static void write(Display display, AVCodecParameters parameters) {
    display
        .sampleAspect()
        .ifPresent(
            aspect -> parameters.sample_aspect_ratio().num(aspect.width()).den(aspect.height()));
    display
        .colour()
        .ifPresent(
            colour ->
                parameters
                    .color_primaries(colour.primaries())
                    .color_trc(colour.transfer())
                    .color_space(colour.matrix())
                    .color_range(colour.isFullRange() ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG));
    if (display.orientation() != Orientation.UPRIGHT) {
      writeMatrix(display.orientation(), parameters);
    }
  }

  private static void writeMatrix(Orientation turn, AVCodecParameters parameters) {
    try (PointerPointer<AVPacketSideData> list = new PointerPointer<>(1);
        IntPointer count = new IntPointer(1)) {
      list.put(0, parameters.coded_side_data());
      count.put(parameters.nb_coded_side_data());
      AVPacketSideData added =
          Av.checkNotNull(
              av_packet_side_data_new(list, count, AV_PKT_DATA_DISPLAYMATRIX, MATRIX_BYTES, 0),
              "av_packet_side_data_new");
      int one = 1 << 16;
      added
          .data()
          .capacity(MATRIX_BYTES)
          .asByteBuffer()
          .order(ByteOrder.nativeOrder())
          .asIntBuffer()
          .put(new int[] {turn.a() * one, turn.b() * one, 0})
          .put(new int[] {turn.c() * one, turn.d() * one, 0})
          .put(new int[] {0, 0, 1 << 30});
      parameters.coded_side_data(new AVPacketSideData(list.get(0)));
      parameters.nb_coded_side_data(count.get());
    }
  }

  /** What a demuxer says. */
  static Display read(AVCodecParameters parameters) {
    AVRational aspect = parameters.sample_aspect_ratio();
    boolean hasAspect =
        aspect.num() > 0
            && aspect.den() > 0
            && Math.max(aspect.num(), aspect.den()) <= SampleAspect.MAX;
    return new Display(
        orientation(parameters),
        hasAspect
            ? Optional.of(new SampleAspect(aspect.num(), aspect.den())).filter(a -> !a.isSquare())
            : Optional.empty(),
        colour(parameters),
        mastering(parameters),
        light(parameters));
  }

  private static Optional<ColourCode> colour(AVCodecParameters parameters) {
    int unsaid = ColourCode.UNSPECIFIED;
    boolean isFull = parameters.color_range() == AVCOL_RANGE_JPEG;
    int primaries = parameters.color_primaries();
    int transfer = parameters.color_trc();
    int matrix = parameters.color_space();
    boolean isSaid = primaries != unsaid || transfer != unsaid || matrix != unsaid || isFull;
    // FFmpeg's own code points lie beyond those of H.273.
    return isSaid && Math.max(primaries, Math.max(transfer, matrix)) <= 0xff
        ? Optional.of(new ColourCode(primaries, transfer, matrix, isFull))
        : Optional.empty();
  }

  private static Optional<AVPacketSideData> sideData(
      AVCodecParameters parameters, int type, long leastBytes) {
    return Optional.ofNullable(
            av_packet_side_data_get(
                parameters.coded_side_data(), parameters.nb_coded_side_data(), type))
        .filter(found -> found.size() >= leastBytes);
  }

  private static Orientation orientation(AVCodecParameters parameters) {
    return sideData(parameters, AV_PKT_DATA_DISPLAYMATRIX, MATRIX_BYTES)
        .map(
            found -> {
              ByteBuffer bytes = found.data().capacity(MATRIX_BYTES).asByteBuffer();
              IntBuffer matrix = bytes.order(ByteOrder.nativeOrder()).asIntBuffer();
              return Orientation.ofMatrix(
                  matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
            })
        .orElse(Orientation.UPRIGHT);
  }

  private static Optional<MasteringDisplay> mastering(AVCodecParameters parameters) {
    try (AVMasteringDisplayMetadata shape = new AVMasteringDisplayMetadata()) {
      return sideData(parameters, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, shape.sizeof())
          .map(found -> new AVMasteringDisplayMetadata(found.data()))
          .filter(screen -> screen.has_primaries() != 0 && screen.has_luminance() != 0)
          .map(
              screen ->
                  new MasteringDisplay(
                      point(screen.display_primaries(1, 0), screen.display_primaries(1, 1)),
                      point(screen.display_primaries(2, 0), screen.display_primaries(2, 1)),
                      point(screen.display_primaries(0, 0), screen.display_primaries(0, 1)),
                      point(screen.white_point(0), screen.white_point(1)),
                      scaled(screen.max_luminance(), LUMINANCE_UNITS, 0xffff_ffffL),
                      scaled(screen.min_luminance(), LUMINANCE_UNITS, 0xffff_ffffL)));
    }
  }

  private static Point point(AVRational x, AVRational y) {
    return new Point(
        (int) scaled(x, CHROMATICITY_UNITS, 0xffff), (int) scaled(y, CHROMATICITY_UNITS, 0xffff));
  }

  private static long scaled(AVRational value, int units, long most) {
    if (value.den() <= 0 || value.num() < 0) {
      return 0;
    }
    return Math.min(most, ((long) value.num() * units + value.den() / 2) / value.den());
  }

  private static Optional<ContentLight> light(AVCodecParameters parameters) {
    try (AVContentLightMetadata shape = new AVContentLightMetadata()) {
      return sideData(parameters, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, shape.sizeof())
          .map(found -> new AVContentLightMetadata(found.data()))
          .map(
              level ->
                  new ContentLight(
                      Math.clamp(level.MaxCLL(), 0, 0xffff),
                      Math.clamp(level.MaxFALL(), 0, 0xffff)));
    }
  }
}
