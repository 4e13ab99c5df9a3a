package dev.halcyon.codecs.video;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.CardClip;
import dev.halcyon.codecs.cut.Program;
import dev.halcyon.codecs.media.CodedTrack;
import dev.halcyon.codecs.media.MediaFactory;
import dev.halcyon.codecs.media.MediaFactory.Painter;
import dev.halcyon.codecs.media.MediaFactory.VideoShape;
import dev.halcyon.codecs.media.Mp4File;
import dev.halcyon.codecs.testcard.CardImage;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.VideoFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
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

  /** A checkered picture, out of focus but for the frames that {@code isSharp} takes. */
  private static Painter focused(IntPredicate isSharp) {
    return (frame, x, y) -> {
      if (isSharp.test(frame)) {
        return (x / 20 + y / 20) % 2 == 0 ? 200 : 100;
      }
      double soft = Math.sin(x * Math.PI / 20) * Math.sin(y * Math.PI / 20);
      return (int) (150 + 50 * soft);
    };
  }

  @Test
  void passesOverBlurEvenAtTheMoment() throws Throwable {
    assertNoLeak(
        () -> {
          Path file = file(focused(frame -> frame >= 75));
          BufferedImage poster = image(PosterMaker.fromFile(file, OptionalLong.of(1_000_000)));
          int edge = Math.abs(grey(poster, 38, 20) - grey(poster, 42, 20));
          assertTrue(edge > 60, "sharp edges: " + edge);
        });
  }

  @Test
  void prefersTheMomentAmongSharpPictures() throws Throwable {
    assertNoLeak(
        () -> {
          // Between keyframes: 2.4 s is frame 60.
          Path file =
              file(
                  (frame, x, y) ->
                      (x / 20 + y / 20) % 2 == 0 ? 200 : frame >= 58 && frame < 73 ? 60 : 100);
          BufferedImage poster = image(PosterMaker.fromFile(file, OptionalLong.of(2_400_000)));
          int dark = Math.min(grey(poster, 20, 20), grey(poster, 60, 20));
          assertTrue(dark < 70, "the moment's shade: " + dark);
        });
  }

  @Test
  void passesOverWhiteAndFlatPictures() throws Throwable {
    assertNoLeak(
        () -> {
          Path file =
              file(
                  (frame, x, y) ->
                      switch (frame / 25) {
                        case 0 -> 235;
                        case 1 -> 120;
                        case 2 -> 80 + x / 4;
                        default -> 16;
                      });
          BufferedImage poster = image(PosterMaker.fromFile(file));
          assertTrue(grey(poster, 600, 180) - grey(poster, 40, 180) > 60, "the gradient");
        });
  }

  /** Hybrid log-gamma in BT.2020, as phones and cameras record it. */
  @Test
  void keepsGreyGreyInHdr() throws Throwable {
    Display hlg =
        new Display(
            Orientation.UPRIGHT,
            Optional.empty(),
            Optional.of(new ColourCode(9, ColourCode.HLG, 9, false)),
            Optional.empty(),
            Optional.empty());
    Path file = folder.resolve("hdr.mp4");
    Mp4File.write(MediaFactory.h264(SHAPE, (frame, x, y) -> 40 + x / 2, hlg), file);
    assertNoLeak(
        () -> {
          BufferedImage poster = image(PosterMaker.fromFile(file));
          for (int x = 20; x < 640; x += 100) {
            int rgb = poster.getRGB(x, 180);
            int green = rgb >> 8 & 0xff;
            assertEquals(green, rgb >> 16 & 0xff, 6, "red at " + x);
            assertEquals(green, rgb & 0xff, 6, "blue at " + x);
          }
          assertTrue(grey(poster, 600, 180) - grey(poster, 40, 180) > 100, "the gradient");
        });
  }

  @Test
  void hdrIsAsBrightAsAnOrdinaryScreenShowsIt() throws Throwable {
    Display pq =
        new Display(
            Orientation.UPRIGHT,
            Optional.empty(),
            Optional.of(new ColourCode(ColourCode.BT2020, ColourCode.PQ, 9, false)),
            Optional.empty(),
            Optional.empty());
    Path file = folder.resolve("pq.mp4");
    // White of paper, 203 cd/m², is 0.58 of PQ's codes, which shown as they are would be a grey.
    Mp4File.write(
        MediaFactory.h264(SHAPE, (frame, x, y) -> x < SHAPE.widthPx() / 2 ? 143 : 60, pq), file);
    assertNoLeak(
        () -> {
          BufferedImage poster = image(PosterMaker.fromFile(file));
          int paper = grey(poster, 160, 180);
          assertTrue(paper > 180 && paper < 250, "white of paper: " + paper);
          assertTrue(grey(poster, 480, 180) < 60, "what is dark: " + grey(poster, 480, 180));
        });
  }

  @Test
  void showsOnlyWhatTheClipShows() throws Throwable {
    TestCard card = TestCard.builder().gop(300).bFrames(2).build();
    CardClip clip = CardClip.of(folder, card, 6_000_000, 2_000_000, 4_000_000);
    for (long momentUs = 0; momentUs <= 2_500_000; momentUs += 500_000) {
      byte[] jpeg = PosterMaker.fromFile(clip.file(), OptionalLong.of(momentUs));
      int index = CardImage.stamp(image(jpeg)).orElseThrow().index();
      assertTrue(index >= 60 && index < 120, "picture " + index);
    }
  }

  @Test
  void tellsTheSameAsWebp() throws Throwable {
    Program.require("ffmpeg");
    CardClip clip = CardClip.of(folder, TestCard.builder().build(), 3_000_000, 0, 2_000_000);
    byte[] jpeg = PosterMaker.fromFile(clip.file());
    assertEquals(List.of(), CardImage.wrongBars(image(jpeg), 16));
    assertNoLeak(
        () -> {
          Path webp = Files.write(folder.resolve("poster.webp"), StillImage.webpOf(jpeg));
          Path png = folder.resolve("poster.png");
          Program.ffmpeg("-i", webp.toString(), png.toString());
          BufferedImage same = ImageIO.read(png.toFile());
          assertEquals(640, same.getWidth());
          assertEquals(List.of(), CardImage.wrongBars(same, 16));
          assertEquals(CardImage.stamp(image(jpeg)), CardImage.stamp(same));
          assertThrows(HalcyonException.class, () -> StillImage.webpOf(new byte[100]));
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
