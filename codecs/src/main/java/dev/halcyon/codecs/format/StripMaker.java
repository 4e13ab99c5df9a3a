package dev.halcyon.codecs.format;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.video.PictureFinder;
import dev.halcyon.codecs.video.PictureScaler;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.codecs.video.StillImage;
import dev.halcyon.core.clip.derive.StripGrid;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  /** Black in {@link StillImage#JPEG}. */
  private static final byte[] BLACK = {0, (byte) 128, (byte) 128};

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
        fill(image.pointer());
        for (int i = 0; i < grid.tiles(); i++) {
          AVFrame picture = finder.at(grid.shownUs(i)).frame();
          put(
              scaler.scale(picture, tile).pointer(),
              image.pointer(),
              grid.leftPx(i),
              grid.topPx(i));
        }
        Files.write(jpeg, StillImage.jpeg(image, QUALITY));
      }
      return grid;
    }
  }

  private static void fill(AVFrame image) {
    for (int plane = 0; plane < BLACK.length; plane++) {
      int half = plane == 0 ? 1 : 2;
      byte[] row = new byte[image.width() / half];
      Arrays.fill(row, BLACK[plane]);
      ByteBuffer to = bytes(image, plane, half);
      for (int y = 0; y < image.height() / half; y++) {
        to.put(y * image.linesize(plane), row);
      }
    }
  }

  /** Tiles have even sides: chroma is copied whole. */
  private static void put(AVFrame tile, AVFrame image, int leftPx, int topPx) {
    for (int plane = 0; plane < BLACK.length; plane++) {
      int half = plane == 0 ? 1 : 2;
      byte[] row = new byte[tile.width() / half];
      ByteBuffer from = bytes(tile, plane, half);
      ByteBuffer to = bytes(image, plane, half);
      for (int y = 0; y < tile.height() / half; y++) {
        from.get(y * tile.linesize(plane), row);
        to.put((topPx / half + y) * image.linesize(plane) + leftPx / half, row);
      }
    }
  }

  private static ByteBuffer bytes(AVFrame frame, int plane, int half) {
    long rows = frame.height() / half;
    return frame
        .data(plane)
        .capacity((rows - 1) * frame.linesize(plane) + frame.width() / half)
        .asByteBuffer();
  }
}
