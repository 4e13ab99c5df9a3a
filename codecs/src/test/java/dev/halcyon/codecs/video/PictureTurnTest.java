package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.media.Orientation;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;

/** Faces are looked for in grey and in BGR, also in what a phone took upright. */
final class PictureTurnTest {
  private static final int WIDTH = 6;
  private static final int HEIGHT = 4;

  @Test
  void turnsEveryFormThatPicturesAreLookedAtIn() {
    turns(AV_PIX_FMT_GRAY8, 1);
    turns(AV_PIX_FMT_BGR24, 3);
    turns(AV_PIX_FMT_BGRA, 4);
  }

  private static void turns(int format, int bytes) {
    try (FrameHandle from = FrameHandle.ofPicture(format, WIDTH, HEIGHT);
        FrameHandle to = FrameHandle.ofPicture(format, HEIGHT, WIDTH)) {
      ByteBuffer taken = plane(from.pointer());
      for (int y = 0; y < HEIGHT; y++) {
        for (int i = 0; i < WIDTH * bytes; i++) {
          taken.put(y * from.pointer().linesize(0) + i, (byte) (y * WIDTH * bytes + i));
        }
      }
      new PictureTurn(Orientation.CLOCKWISE_90).turn(from.pointer(), to.pointer());
      ByteBuffer shown = plane(to.pointer());
      for (int y = 0; y < HEIGHT; y++) {
        for (int i = 0; i < WIDTH * bytes; i++) {
          int shownX = HEIGHT - 1 - y;
          int shownY = i / bytes;
          int at = shownY * to.pointer().linesize(0) + shownX * bytes + i % bytes;
          assertEquals((byte) (y * WIDTH * bytes + i), shown.get(at), "format " + format);
        }
      }
    }
  }

  private static ByteBuffer plane(AVFrame picture) {
    return picture.data(0).capacity((long) picture.height() * picture.linesize(0)).asByteBuffer();
  }
}
