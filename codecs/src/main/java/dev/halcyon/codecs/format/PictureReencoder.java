package dev.halcyon.codecs.format;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.PictureEncoder;
import dev.halcyon.codecs.video.PictureFinder;
import dev.halcyon.codecs.video.PictureScaler;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Track;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * The pictures that a file shows, encoded anew: upright, with square pixels, all of the first one's
 * size and colours. One platform thread; owns its native objects; closed by who opened it.
 */
final class PictureReencoder implements AutoCloseable {
  /** Larger ones are made smaller; what H.264's highest ordinary level carries (5.2). */
  private static final int MAX_SIDE_PX = 4096;

  private final PictureFinder finder;
  private final PictureSize size;
  private final PictureScaler scaler;
  private final PictureEncoder encoder;
  private long lastUs = Long.MIN_VALUE;

  private PictureReencoder(PictureFinder finder) {
    this.finder = finder;
    AVFrame first = finder.at(0).frame();
    this.size = PictureSize.shown(first, finder.orientation()).reducedTo(MAX_SIDE_PX, MAX_SIDE_PX);
    // What is not said stays unsaid; the samples are passed on as they are.
    int range = first.color_range() == AVCOL_RANGE_JPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    scaler =
        new PictureScaler(
            new PictureScaler.Form(
                AV_PIX_FMT_YUV420P, first.colorspace(), range, PictureScaler.Light.KEPT),
            finder.orientation());
    try {
      encoder =
          new PictureEncoder(
              0,
              new PictureEncoder.Settings(
                  size.widthPx(), size.heightPx(), finder.pictureUs(), colourOf(first), range));
    } catch (RuntimeException failure) {
      scaler.close();
      throw failure;
    }
  }

  private static Optional<ColourCode> colourOf(AVFrame frame) {
    int most = Math.max(frame.colorspace(), Math.max(frame.color_primaries(), frame.color_trc()));
    return most > 0xff
        ? Optional.empty()
        : Optional.of(
            new ColourCode(
                frame.color_primaries(),
                frame.color_trc(),
                frame.colorspace(),
                frame.color_range() == AVCOL_RANGE_JPEG));
  }

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA, CORRUPT_MEDIA, IO_FAILED
   */
  static PictureReencoder open(Path file) {
    PictureFinder finder = PictureFinder.open(file, Integer.MAX_VALUE);
    try {
      return new PictureReencoder(finder);
    } catch (RuntimeException failure) {
      finder.close();
      throw failure;
    }
  }

  Track track() {
    return encoder.track();
  }

  /**
   * @param onTime told of each picture's time before it is encoded
   */
  void each(LongConsumer onTime, Consumer<CodedPacket> sink) {
    finder.each(picture -> encode(picture, onTime, sink));
    encoder.finish(sink);
  }

  private void encode(Picture picture, LongConsumer onTime, Consumer<CodedPacket> sink) {
    if (picture.ptsUs() <= lastUs) {
      return; // at a join of two pieces: the player shows the later one
    }
    lastUs = picture.ptsUs();
    onTime.accept(lastUs);
    FrameHandle scaled = scaler.fit(picture.frame(), size);
    scaled.pointer().pts(lastUs);
    encoder.encode(scaled, sink);
  }

  @Override
  public void close() {
    encoder.close();
    scaler.close();
    finder.close();
  }
}
