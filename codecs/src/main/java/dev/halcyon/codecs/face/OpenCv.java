package dev.halcyon.codecs.face;

import static org.bytedeco.opencv.global.opencv_core.setNumThreads;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_objdetect;

/** What our detectors have in common. */
final class OpenCv {
  /** Loaded once; one thread, since the decoder's own have the other cores. */
  private static final class Library {
    static final boolean IS_LOADED = load();

    private static boolean load() {
      Loader.load(opencv_objdetect.class);
      setNumThreads(1);
      return true;
    }
  }

  private OpenCv() {}

  static void load() {
    if (!Library.IS_LOADED) {
      throw new IllegalStateException("OpenCV is not loaded");
    }
  }

  /** A box in pixels as parts of the picture, cut off at its edges. */
  static FaceDetector.Found found(
      double x,
      double y,
      double width,
      double height,
      double score,
      int pictureWidth,
      int pictureHeight) {
    double left = Math.clamp(x / pictureWidth, 0, 1);
    double top = Math.clamp(y / pictureHeight, 0, 1);
    double right = Math.clamp((x + width) / pictureWidth, 0, 1);
    double bottom = Math.clamp((y + height) / pictureHeight, 0, 1);
    return new FaceDetector.Found(left, top, right - left, bottom - top, Math.clamp(score, 0, 1));
  }
}
