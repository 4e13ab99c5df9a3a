package dev.halcyon.codecs.face;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import dev.halcyon.codecs.av.NativeHandle;
import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.CascadeClassifier;

/**
 * Upright faces that look at the camera, by the cascade that comes with OpenCV: no model file, a
 * few milliseconds a picture, and blind to profiles.
 */
final class CascadeFaces extends NativeHandle<CascadeClassifier> implements FaceDetector {
  private static final String CASCADE =
      "/org/bytedeco/opencv/linux-x86_64/share/opencv4/lbpcascades/lbpcascade_frontalface.xml";

  private static final int SIDE_PX = 320;
  private static final int LEAST_FACE_PX = 24;
  private static final double SCALE_STEP = 1.2;
  private static final int LEAST_NEIGHBOURS = 4;

  /** So many detections that agree on a face make it as likely as not. */
  private static final double SURE_NEIGHBOURS = 6;

  CascadeFaces() {
    super(NativeMemory.Tag.VISION, load());
  }

  private static CascadeClassifier load() {
    OpenCv.load();
    Path file = null;
    try (InputStream cascade = CascadeFaces.class.getResourceAsStream(CASCADE)) {
      if (cascade == null) {
        throw new HalcyonException(ErrorCode.INTERNAL, "OpenCV's cascade is not on the class path");
      }
      file = Files.createTempFile("halcyon-faces", ".xml");
      Files.write(file, cascade.readAllBytes());
      CascadeClassifier loaded = new CascadeClassifier(file.toString());
      if (loaded.empty()) {
        loaded.close();
        throw new HalcyonException(ErrorCode.INTERNAL, "OpenCV does not take its own cascade");
      }
      return loaded;
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "the cascade for faces cannot be unpacked", failure);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException left) {
        file.toFile().deleteOnExit();
      }
    }
  }

  @Override
  public int pixelFormat() {
    return AV_PIX_FMT_GRAY8;
  }

  @Override
  public int sidePx() {
    return SIDE_PX;
  }

  @Override
  public List<Found> detect(AVFrame picture) {
    int width = picture.width();
    int height = picture.height();
    try (Mat grey = new Mat(height, width, CV_8UC1, picture.data(0), picture.linesize(0));
        RectVector boxes = new RectVector();
        IntPointer neighbours = new IntPointer();
        Size least = new Size(LEAST_FACE_PX, LEAST_FACE_PX);
        Size most = new Size()) {
      pointer()
          .detectMultiScale2(grey, boxes, neighbours, SCALE_STEP, LEAST_NEIGHBOURS, 0, least, most);
      List<Found> found = new ArrayList<>();
      for (long i = 0; i < boxes.size(); i++) {
        Rect box = boxes.get(i);
        double agreed = neighbours.get(i);
        double score = agreed / (agreed + SURE_NEIGHBOURS);
        found.add(OpenCv.found(box.x(), box.y(), box.width(), box.height(), score, width, height));
      }
      return found;
    }
  }

  @Override
  protected void free(CascadeClassifier owned) {
    owned.deallocate();
  }
}
