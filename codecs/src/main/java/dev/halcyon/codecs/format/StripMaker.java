package dev.halcyon.codecs.format;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.video.PictureFinder;
import dev.halcyon.codecs.video.PicturePlanes;
import dev.halcyon.codecs.video.PictureScaler;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.codecs.video.StillImage;
import dev.halcyon.core.clip.derive.StripGrid;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Makes the strip of a clip: small pictures in one JPEG, by which players show where the pointer
 * is. On a platform thread; blocking; an interrupt ends it.
 */
public final class StripMaker {
  /** The longer side of a tile. */
  private static final int TILE_PX = 160;

  /** FFmpeg's scale: about 5 KB a tile. */
  private static final int QUALITY = 5;

  /** Tiles between keyframes cost decoding: at most ten minutes at 60 pictures a second. */
  private static final int BUDGET_FRAMES = 36_000;

  private StripMaker() {}

  /**
   * @return how the tiles lie in the image
   * @throws HalcyonException UNSUPPORTED_MEDIA, CORRUPT_MEDIA, IO_FAILED
   */
  public static StripGrid make(Path source, Path jpeg) throws IOException {
    try (PictureFinder finder = PictureFinder.open(source, BUDGET_FRAMES);
        PictureScaler scaler = new PictureScaler(StillImage.JPEG, finder.orientation())) {
      PictureSize tile =
          PictureSize.shown(finder.at(0).frame(), finder.orientation()).within(TILE_PX, TILE_PX);
      StripGrid grid = StripGrid.of(finder.lengthUs(), tile.widthPx(), tile.heightPx());
      try (FrameHandle image =
          FrameHandle.ofPicture(StillImage.JPEG.pixelFormat(), grid.widthPx(), grid.heightPx())) {
        PicturePlanes.blacken(image.pointer());
        for (int i = 0; i < grid.tiles(); i++) {
          AVFrame picture = finder.at(grid.shownUs(i)).frame();
          PicturePlanes.put(
              scaler.fit(picture, tile).pointer(), image.pointer(), grid.leftPx(i), grid.topPx(i));
        }
        Files.write(jpeg, StillImage.jpeg(image, QUALITY));
      }
      return grid;
    }
  }
}
