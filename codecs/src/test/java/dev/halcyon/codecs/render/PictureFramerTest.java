package dev.halcyon.codecs.render;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT2020;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_ARIB_STD_B67;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_SMPTE2084;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionDrawing;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.reframe.CropLayout;
import dev.halcyon.core.reframe.CropRect;
import dev.halcyon.core.reframe.CropView;
import dev.halcyon.core.render.FramePlan;
import dev.halcyon.core.render.PictureForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;

/** What of a picture is shown, and where. */
class PictureFramerTest {
  private static final PictureForm UPRIGHT = new PictureForm(360, 640, FrameRate.FPS_30);
  private static final int WIDTH_PX = 640;
  private static final int HEIGHT_PX = 360;

  private static FramePlan plan(CropLayout layout, boolean isStill, CropRect... rects) {
    List<Boolean> stills = java.util.stream.Stream.of(rects).map(rect -> isStill).toList();
    return new FramePlan(
        0,
        new TimeSpan(0, 0),
        new CropView(layout, List.of(rects)),
        stills,
        CaptionDrawing.NOTHING);
  }

  /** Dark to the left of a column, bright from there on; the lower half is 20 brighter. */
  private static FrameHandle edgeAt(int column) {
    FrameHandle frame = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, WIDTH_PX, HEIGHT_PX);
    frame.pointer().colorspace(AVCOL_SPC_BT709).color_range(AVCOL_RANGE_MPEG);
    for (int plane = 0; plane < Planes.COUNT; plane++) {
      ByteBuffer bytes = Planes.of(frame.pointer(), plane);
      for (int y = 0; y < (HEIGHT_PX >> Planes.shift(plane)); y++) {
        for (int x = 0; x < (WIDTH_PX >> Planes.shift(plane)); x++) {
          int luma = (x < column ? 60 : 180) + (y < HEIGHT_PX / 2 ? 0 : 20);
          bytes.put(y * frame.pointer().linesize(plane) + x, (byte) (plane == 0 ? luma : 128));
        }
      }
    }
    return frame;
  }

  private static int luma(AVFrame picture, int x, int y) {
    return Planes.of(picture, 0).get(y * picture.linesize(0) + x) & 0xff;
  }

  /** Where a row passes from dark to bright, between pixels. */
  private static double edge(AVFrame picture, int y) {
    for (int x = 1; x < picture.width(); x++) {
      int left = luma(picture, x - 1, y);
      int right = luma(picture, x, y);
      if (left < 120 && right >= 120) {
        return x - 1 + (120.0 - left) / (right - left);
      }
    }
    return -1;
  }

  @Test
  void aSlowCameraMovesEvenlyByPartsOfAPixel() throws Throwable {
    double width = 360.0 / 640 * HEIGHT_PX / WIDTH_PX;
    assertNoLeak(
        () -> {
          try (FrameHandle source = edgeAt(320);
              PictureFramer framer = new PictureFramer(UPRIGHT)) {
            double before = Double.NaN;
            for (int frame = 0; frame < 120; frame++) {
              double x = 0.35 + frame * 0.0002;
              AVFrame shown =
                  framer
                      .frame(
                          source.pointer(),
                          16 / 9.0,
                          plan(CropLayout.SINGLE, false, new CropRect(x, 0, width, 1)))
                      .pointer();
              double place = edge(shown, 100);
              double wanted = (320 / 640.0 - x) / width * 360 - 0.5;
              assertEquals(wanted, place, 0.35, "picture " + frame);
              if (frame > 0) {
                // 0.128 pixels of the source are 0.2276 of the clip.
                assertEquals(0.2276, before - place, 0.22, "step to picture " + frame);
              }
              before = place;
            }
          }
        });
  }

  @Test
  void eachHalfOfASplitShowsItsOwnPart() throws Throwable {
    assertNoLeak(
        () -> {
          try (FrameHandle source = edgeAt(320);
              PictureFramer framer = new PictureFramer(UPRIGHT)) {
            AVFrame shown =
                framer
                    .frame(
                        source.pointer(),
                        16 / 9.0,
                        plan(
                            CropLayout.SPLIT,
                            true,
                            new CropRect(0.05, 0, 0.3, 0.5),
                            new CropRect(0.6, 0.5, 0.3, 0.5)))
                    .pointer();
            assertEquals(60, luma(shown, 180, 100), 3);
            assertEquals(200, luma(shown, 180, 500), 3);
            assertEquals(60, luma(shown, 180, 316), 3);
            assertEquals(200, luma(shown, 180, 324), 3);
          }
        });
  }

  @Test
  void aPaddedPictureStandsWholeInTheMiddleOverADarkerOne() throws Throwable {
    assertNoLeak(
        () -> {
          try (FrameHandle source = edgeAt(320);
              PictureFramer framer = new PictureFramer(UPRIGHT)) {
            AVFrame shown =
                framer
                    .frame(source.pointer(), 16 / 9.0, plan(CropLayout.PAD, true, CropRect.WHOLE))
                    .pointer();
            // 360 wide, so 202 high, from 218 to 420.
            assertEquals(60, luma(shown, 90, 250), 3);
            assertEquals(180, luma(shown, 270, 250), 3);
            assertEquals(179.5, edge(shown, 250), 1);
            assertTrue(luma(shown, 300, 100) < 130, "darker: " + luma(shown, 300, 100));
            assertTrue(luma(shown, 60, 100) < 60, "darker: " + luma(shown, 60, 100));
            int step = 0;
            for (int x = 1; x < 360; x++) {
              step = Math.max(step, Math.abs(luma(shown, x, 100) - luma(shown, x - 1, 100)));
            }
            assertTrue(step <= 3, "out of focus: " + step);
          }
        });
  }

  /** SMPTE ST 2084, inverted: the code value, 0..1, of light in cd/m². */
  private static double pq(double nits) {
    double y = Math.pow(nits / 10_000, 2610 / 16384.0);
    return Math.pow(
        (3424 / 4096.0 + 2413 / 4096.0 * 32 * y) / (1 + 2392 / 4096.0 * 32 * y), 2523 / 32.0);
  }

  private static int shownOf(double nits) {
    return shownOf(pq(nits), AVCOL_TRC_SMPTE2084, new CropRect(0.3, 0, 0.3164, 1));
  }

  private static int shownOf(double code, int transfer, CropRect rect) {
    try (FrameHandle source = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P10LE, 640, 360);
        PictureFramer framer = new PictureFramer(UPRIGHT)) {
      AVFrame frame = source.pointer();
      frame.colorspace(AVCOL_SPC_BT2020_NCL).color_range(AVCOL_RANGE_MPEG);
      frame.color_primaries(AVCOL_PRI_BT2020).color_trc(transfer);
      for (int plane = 0; plane < 3; plane++) {
        int rows = 360 >> Planes.shift(plane);
        ByteBuffer bytes =
            frame
                .data(plane)
                .capacity((long) rows * frame.linesize(plane))
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
        short value = (short) (plane == 0 ? Math.round(64 + 876 * code) : 512);
        for (int i = 0; i + 1 < bytes.capacity(); i += 2) {
          bytes.putShort(i, value);
        }
      }
      AVFrame shown = framer.frame(frame, 16 / 9.0, plan(CropLayout.SINGLE, true, rect)).pointer();
      assertEquals(AV_PIX_FMT_YUV420P, shown.format());
      int cb = Planes.of(shown, 1).get(100 * shown.linesize(1) + 90) & 0xff;
      assertEquals(128, cb, 2, "grey stays grey");
      return luma(shown, 180, 320);
    }
  }

  @Test
  void hdrIsShownAsAnOrdinaryScreenShowsIt() throws Throwable {
    assertNoLeak(
        () -> {
          assertEquals(16, shownOf(0.005), 3, "black");
          int paper = shownOf(203);
          assertTrue(paper > 170 && paper < 232, "white of paper: " + paper);
          // A grey card, 18 % of paper: a screen of BT.1886 shows it at 0.18^(1/2.4) = 0.49.
          assertEquals(16 + 107, shownOf(0.18 * 203), 8, "grey card");
          int sun = shownOf(2000);
          assertTrue(sun > paper + 2 && sun <= 240, "highlights are told apart: " + sun);
          // HLG has paper at 75 % (ITU-R BT.2408); any window will do, also of odd sizes.
          for (double width = 0.3; width < 0.36; width += 0.011) {
            int white = shownOf(0.75, AVCOL_TRC_ARIB_STD_B67, new CropRect(0.3, 0, width, 1));
            assertTrue(white > 165 && white < 235, "white of paper in HLG: " + white);
          }
        });
  }
}
