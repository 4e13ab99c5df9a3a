package dev.halcyon.codecs.face;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Finds faces in single pictures. One platform thread; closed by who opened it. */
public sealed interface FaceDetector extends AutoCloseable permits CascadeFaces, YuNetFaces {
  /**
   * A face that was found, in parts of the shown picture.
   *
   * @param score how sure the detector is, 0..1
   */
  record Found(double x, double y, double width, double height, double score) {}

  /**
   * @param model a YuNet model in ONNX form; without it OpenCV's own cascade is used
   * @throws dev.halcyon.core.error.HalcyonException IO_FAILED when the model cannot be read;
   *     UNSUPPORTED_MEDIA when it is no such model
   */
  static FaceDetector open(Optional<Path> model) {
    return model.isPresent() ? new YuNetFaces(model.get()) : new CascadeFaces();
  }

  /** Pixel format of the pictures that are looked at, {@code AV_PIX_FMT_…}. */
  int pixelFormat();

  /** Pictures are at most so wide and high. */
  int sidePx();

  /**
   * @param picture upright, of {@link #pixelFormat} and no larger than {@link #sidePx}; borrowed
   */
  List<Found> detect(AVFrame picture);

  @Override
  void close();
}
