package dev.halcyon.codecs.video;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.media.CodedTrack;
import dev.halcyon.codecs.media.MediaFactory;
import dev.halcyon.codecs.media.MediaFactory.Painter;
import dev.halcyon.codecs.media.MediaFactory.VideoShape;
import dev.halcyon.codecs.media.Mp4File;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosterMakerTest {
  private static final VideoShape SHAPE = new VideoShape(320, 180, 25, 100, 25, 2);

  @TempDir Path folder;

  private static BufferedImage image(byte[] jpeg) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  private static int grey(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xff;
  }

  private Path file(Painter painter) {
    Path file = folder.resolve("clip.mp4");
    Mp4File.write(MediaFactory.h264(SHAPE, painter), file);
    return file;
  }

  @Test
  void choosesThePictureThatIsNotBlack() throws Throwable {
    assertNoLeak(
        () -> {
          // Black but for the third second, which is half white.
          Path file = file((frame, x, y) -> frame / 25 == 2 && x > 160 ? 235 : 16);
          BufferedImage poster = image(PosterMaker.fromFile(file));
          assertEquals(640, poster.getWidth());
          assertEquals(360, poster.getHeight());
          assertTrue(grey(poster, 100, 180) < 10, "black left");
          assertTrue(grey(poster, 540, 180) > 245, "white right, at full range");
        });
  }

  @Test
  void choosesTheSharpestPicture() throws Throwable {
    assertNoLeak(
        () -> {
          Path file =
              file((frame, x, y) -> frame / 25 == 1 && (x / 20 + y / 20) % 2 == 0 ? 200 : 100);
          BufferedImage poster = image(PosterMaker.fromFile(file));
          int difference = Math.abs(grey(poster, 20, 20) - grey(poster, 60, 20));
          assertTrue(difference > 80, "checkered: " + difference);
        });
  }

  @Test
  void makesAPosterOfOneKeyframe() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track =
              MediaFactory.h264(
                  new VideoShape(180, 320, 25, 3, 25, 2), (frame, x, y) -> 16 + 219 * y / 320);
          ByteBuffer keyframe = track.packets().getFirst().payload();
          BufferedImage poster =
              image(PosterMaker.fromKeyframe((VideoFormat) track.format(), keyframe));
          assertEquals(640, poster.getWidth());
          assertEquals(1_138, poster.getHeight());
          assertTrue(grey(poster, 320, 100) + 100 < grey(poster, 320, 1_000), "gradient kept");
        });
  }

  @Test
  void statesThatAFileHasNoPicture() throws Throwable {
    Path noise = Files.write(folder.resolve("noise.mp4"), new byte[4_096]);
    Path playlist = Files.writeString(folder.resolve("list.mp4"), "#EXTM3U\n/etc/passwd\n");
    assertNoLeak(
        () -> {
          for (Path file : new Path[] {noise, playlist, folder.resolve("absent.mp4")}) {
            assertThrows(HalcyonException.class, () -> PosterMaker.fromFile(file));
          }
          CodedTrack track = MediaFactory.h264(SHAPE, (frame, x, y) -> 100);
          HalcyonException corrupt =
              assertThrows(
                  HalcyonException.class,
                  () ->
                      PosterMaker.fromKeyframe(
                          (VideoFormat) track.format(), ByteBuffer.allocate(100)));
          assertEquals(ErrorCode.CORRUPT_MEDIA, corrupt.code());
        });
  }
}
