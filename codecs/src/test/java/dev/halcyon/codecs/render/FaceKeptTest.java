package dev.halcyon.codecs.render;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.TestMedia;
import dev.halcyon.codecs.analyse.AnalysisListener;
import dev.halcyon.codecs.analyse.AnalysisOptions;
import dev.halcyon.codecs.analyse.FileAnalyser;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.media.MediaFactory;
import dev.halcyon.codecs.media.MediaFactory.VideoShape;
import dev.halcyon.codecs.media.Mp4File;
import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.codecs.video.PictureFinder;
import dev.halcyon.codecs.video.PictureScaler;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.codecs.video.StillImage;
import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.reframe.Aspect;
import dev.halcyon.core.reframe.CropPath;
import dev.halcyon.core.reframe.CropPlanner;
import dev.halcyon.core.reframe.CropRect;
import dev.halcyon.core.reframe.ReframeOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From coded pictures to the camera: the face of somebody filmed walks through the picture, and is
 * to be in the frame. Where it is in each picture is known, as it was put there; the planner knows
 * what the analysis found.
 */
class FaceKeptTest {
  private static final int WIDTH_PX = 640;
  private static final int HEIGHT_PX = 360;
  private static final int FPS = 25;
  private static final int FRAMES = 14 * FPS;

  /** The photograph, and where its face is: brow to chin, ear to ear. */
  private static final PictureSize PHOTO = new PictureSize(960, 540);

  private static final int FACE_LEFT_PX = 448;
  private static final int FACE_RIGHT_PX = 540;
  private static final int FACE_TOP_PX = 58;
  private static final int FACE_BOTTOM_PX = 165;

  @TempDir private Path folder;

  @Test
  void aFaceThatWalksStaysInTheFrame() throws Exception {
    byte[] photo = photo(TestMedia.file("talking_head_2160p50.mp4"));
    VideoShape shape = new VideoShape(WIDTH_PX, HEIGHT_PX, FPS, FRAMES, 50, 2);
    Path video = folder.resolve("walk.mp4");
    Mp4File.write(
        MediaFactory.h264(
            shape,
            (frame, x, y) ->
                photo[y * PHOTO.widthPx() + Math.clamp(x - leftPx(frame), 0, PHOTO.widthPx() - 1)]
                    & 0xff),
        video);
    CropPath path = planned(video);
    int kept = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
      CropRect shown = path.at(frame * 1_000_000L / FPS).rects().getFirst();
      double left = (FACE_LEFT_PX + leftPx(frame)) / (double) WIDTH_PX;
      double right = (FACE_RIGHT_PX + leftPx(frame)) / (double) WIDTH_PX;
      boolean isWide = shown.x() <= left && right <= shown.x() + shown.width();
      boolean isHigh =
          shown.y() <= (double) FACE_TOP_PX / HEIGHT_PX
              && (double) FACE_BOTTOM_PX / HEIGHT_PX <= shown.y() + shown.height();
      kept += isWide && isHigh ? 1 : 0;
    }
    System.out.println("a walking face is whole in " + kept + " of " + FRAMES + " pictures");
    assertTrue(kept >= 0.98 * FRAMES, kept + " of " + FRAMES);
  }

  /** Where the photograph lies: it stands, walks to the right, stands, walks back halfway. */
  private static int leftPx(int frame) {
    double s = (double) frame / FPS;
    double face = 140 + 360 * eased((s - 3) / 3) - 220 * eased((s - 9) / 2);
    return (int) Math.round(face) - (FACE_LEFT_PX + FACE_RIGHT_PX) / 2;
  }

  private static double eased(double part) {
    double p = Math.clamp(part, 0, 1);
    return p * p * (3 - 2 * p);
  }

  private static byte[] photo(Path file) {
    try (PictureFinder finder = PictureFinder.open(file, 10);
        PictureScaler scaler = new PictureScaler(StillImage.JPEG, Orientation.UPRIGHT)) {
      FrameHandle scaled = scaler.scale(finder.at(0).frame(), PHOTO);
      ByteBuffer rows = Planes.of(scaled.pointer(), 0);
      byte[] luma = new byte[PHOTO.widthPx() * PHOTO.heightPx()];
      for (int y = 0; y < PHOTO.heightPx(); y++) {
        rows.get(y * scaled.pointer().linesize(0), luma, y * PHOTO.widthPx(), PHOTO.widthPx());
      }
      return luma;
    }
  }

  private static CropPath planned(Path video) {
    Analysis analysis =
        FileAnalyser.analyse(
            video,
            FileProbe.probe(video, ProbeLimits.DEFAULT),
            AnalysisOptions.FULL.withParts(Set.of(AnalysisPart.SCENES, AnalysisPart.FACES)),
            AnalysisListener.NONE);
    return CropPlanner.plan(
        analysis.faces().orElseThrow(),
        analysis.scenes().orElseThrow(),
        new TimeSpan(0, FRAMES * 1_000_000L / FPS),
        WIDTH_PX,
        HEIGHT_PX,
        Aspect.VERTICAL,
        ReframeOptions.DEFAULT);
  }
}
