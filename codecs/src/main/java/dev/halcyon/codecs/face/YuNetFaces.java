package dev.halcyon.codecs.face;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.halcyon.codecs.av.NativeHandle;
import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.FaceDetectorYN;

/** Faces from all sides, by the YuNet network in OpenCV. */
final class YuNetFaces extends NativeHandle<FaceDetectorYN> implements FaceDetector {
  /** What the model is made for; pictures lie in the upper left of a square of this side. */
  private static final int SIDE_PX = 640;

  private static final float LEAST_SCORE = 0.6f;
  private static final float MOST_OVERLAP = 0.3f;
  private static final int MOST_FACES = 100;

  /** A row of the result: box, five landmarks, score. */
  private static final int SCORE = 14;

  private final Mat square = new Mat(SIDE_PX, SIDE_PX, CV_8UC3);

  YuNetFaces(Path model) {
    super(NativeMemory.Tag.VISION, load(model));
  }

  private static FaceDetectorYN load(Path model) {
    OpenCv.load();
    if (!Files.isReadable(model)) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "the face model cannot be read [file=" + model.getFileName() + "]");
    }
    try (Size size = new Size(SIDE_PX, SIDE_PX)) {
      return FaceDetectorYN.create(
          model.toString(), "", size, LEAST_SCORE, MOST_OVERLAP, MOST_FACES, 0, 0);
    } catch (RuntimeException refused) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "the face model is none that OpenCV takes [file=" + model.getFileName() + "]",
          refused);
    }
  }

  @Override
  public int pixelFormat() {
    return AV_PIX_FMT_BGR24;
  }

  @Override
  public int sidePx() {
    return SIDE_PX;
  }

  @Override
  public List<Found> detect(AVFrame picture) {
    int width = picture.width();
    int height = picture.height();
    try (Mat colours = new Mat(height, width, CV_8UC3, picture.data(0), picture.linesize(0));
        Scalar black = new Scalar(0);
        Rect corner = new Rect(0, 0, width, height);
        Mat place = new Mat(square, corner);
        Mat rows = new Mat()) {
      square.put(black);
      colours.copyTo(place);
      pointer().detect(square, rows);
      List<Found> found = new ArrayList<>();
      if (rows.rows() > 0) {
        FloatBuffer values = rows.createBuffer();
        for (int at = 0; at < rows.rows() * rows.cols(); at += rows.cols()) {
          found.add(
              OpenCv.found(
                  values.get(at),
                  values.get(at + 1),
                  values.get(at + 2),
                  values.get(at + 3),
                  values.get(at + SCORE),
                  width,
                  height));
        }
      }
      return found.stream().filter(face -> face.width() > 0 && face.height() > 0).toList();
    }
  }

  @Override
  protected void free(FaceDetectorYN owned) {
    owned.deallocate();
    square.close();
  }
}
