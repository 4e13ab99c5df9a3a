package dev.halcyon.codecs.format;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.CardClip;
import dev.halcyon.codecs.cut.Program;
import dev.halcyon.codecs.media.CodedTrack;
import dev.halcyon.codecs.media.MediaFactory;
import dev.halcyon.codecs.media.MediaFactory.VideoShape;
import dev.halcyon.codecs.media.Mp4File;
import dev.halcyon.codecs.testcard.CardImage;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.VideoFormat;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewMakerTest {
  private static final TestCard CARD = TestCard.builder().size(640, 360).bFrames(2).build();

  @TempDir Path folder;

  private Path clip() {
    return CardClip.of(folder, CARD, 5_000_000, 1_234_567, 4_234_567).file();
  }

  private Path gif() {
    return folder.resolve("preview.gif");
  }

  private Path webp() {
    return folder.resolve("preview.webp");
  }

  /** The pictures of a moving file as Debian's ffmpeg shows them. */
  private List<BufferedImage> pictures(Path file) throws Exception {
    Path frames = Files.createDirectories(folder.resolve("frames"));
    Program.ffmpeg("-i", file.toString(), "-vsync", "passthrough", frames + "/%03d.png");
    List<BufferedImage> pictures = new ArrayList<>();
    for (File png : Arrays.stream(frames.toFile().listFiles()).sorted().toList()) {
      pictures.add(ImageIO.read(png));
    }
    return pictures;
  }

  @Test
  void makesAGifOfWhatIsShownAtEachTick() throws Throwable {
    Program.require("ffmpeg");
    Path clip = clip();
    assertNoLeak(
        () -> PreviewMaker.gif(clip, new PreviewShape(320, 10, 500_000, 2_000_000), gif()));
    List<BufferedImage> pictures = pictures(gif());
    assertEquals(20, pictures.size());
    // The clip's first picture is number 38, at 1.266 667 s.
    for (int i = 0; i < pictures.size(); i++) {
      BufferedImage picture = pictures.get(i);
      assertEquals(320, picture.getWidth());
      assertEquals(180, picture.getHeight());
      int expected = 38 + (500_000 + i * 100_000) * 30 / 1_000_000;
      assertEquals(expected, CardImage.stamp(picture).orElseThrow().index(), "picture " + i);
      assertEquals(List.of(), CardImage.wrongBars(picture, 24), "picture " + i);
    }
    assertEquals(
        "10/1",
        Program.text(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "stream=avg_frame_rate",
                "-of",
                "csv=p=0",
                gif().toString())
            .strip());
  }

  @Test
  void makesAnAnimatedWebp() throws Throwable {
    Program.require("ffmpeg");
    Path clip = clip();
    assertNoLeak(() -> PreviewMaker.webp(clip, new PreviewShape(480, 5, 0, 15_000_000), webp()));
    WebpFile file = WebpFile.read(webp());
    assertEquals(480, file.widthPx());
    assertEquals(270, file.heightPx());
    assertEquals(15, file.durationsMs().size());
    assertEquals(List.of(200), file.durationsMs().subList(0, 14).stream().distinct().toList());
    BufferedImage first = file.firstPicture(folder);
    assertEquals(38, CardImage.stamp(first).orElseThrow().index());
    assertEquals(List.of(), CardImage.wrongBars(first, 20));
  }

  @Test
  void endsWithTheClip() throws Throwable {
    Program.require("ffmpeg");
    PreviewMaker.gif(clip(), new PreviewShape(160, 4, 2_000_000, 15_000_000), gif());
    assertEquals(4, pictures(gif()).size());
  }

  @Test
  void makesNothingLargerAndTurnsWhatIsTurned() throws Throwable {
    CodedTrack coded =
        MediaFactory.h264(
            new VideoShape(160, 90, 25, 25, 25, 0),
            (frame, x, y) -> x < 80 ? (y < 45 ? 40 : 90) : (y < 45 ? 160 : 230));
    for (Orientation turn : Orientation.values()) {
      Path file = folder.resolve("turned.mp4");
      VideoFormat format = ((VideoFormat) coded.format()).withDisplay(Display.turned(turn));
      Mp4File.write(new CodedTrack(format, coded.packets()), file);
      PreviewMaker.gif(file, new PreviewShape(480, 1, 0, 1_000_000), gif());
      BufferedImage image = ImageIO.read(gif().toFile());
      assertEquals(turn.isSideways() ? 90 : 160, image.getWidth(), turn::toString);
      assertEquals(turn.isSideways() ? 160 : 90, image.getHeight(), turn::toString);
      assertEquals(corners(turn), corners(image), turn::toString);
    }
  }

  /** Numbers of the source's quarters (0, 1 above; 2, 3 below) as a player shows them. */
  private static List<Integer> corners(Orientation turn) {
    Integer[] shown = new Integer[4];
    for (int quarter = 0; quarter < 4; quarter++) {
      int x = quarter % 2 == 0 ? -1 : 1;
      int y = quarter < 2 ? -1 : 1;
      int shownX = turn.a() * x + turn.c() * y;
      int shownY = turn.b() * x + turn.d() * y;
      shown[(shownX > 0 ? 1 : 0) + (shownY > 0 ? 2 : 0)] = quarter;
    }
    return List.of(shown);
  }

  private static List<Integer> corners(BufferedImage image) {
    List<Integer> quarters = new ArrayList<>();
    for (int place = 0; place < 4; place++) {
      int x = image.getWidth() * (place % 2 == 0 ? 1 : 3) / 4;
      int y = image.getHeight() * (place < 2 ? 1 : 3) / 4;
      int grey = image.getRGB(x, y) & 0xff;
      quarters.add(grey < 60 ? 0 : grey < 130 ? 2 : grey < 210 ? 1 : 3);
    }
    return quarters;
  }

  @Test
  void statesThatThereAreNoPictures() throws Throwable {
    TestCard silent = TestCard.builder().noVideo().audio(Codec.AAC).build();
    Path clip = CardClip.of(folder, silent, 3_000_000, 500_000, 2_000_000).file();
    PreviewShape shape = new PreviewShape(480, 10, 0, 1_000_000);
    assertNoLeak(
        () -> {
          assertEquals(
              ErrorCode.UNSUPPORTED_MEDIA,
              assertThrows(HalcyonException.class, () -> PreviewMaker.gif(clip, shape, gif()))
                  .code());
          assertEquals(
              ErrorCode.UNSUPPORTED_MEDIA,
              assertThrows(HalcyonException.class, () -> PreviewMaker.webp(clip, shape, webp()))
                  .code());
        });
  }

  @Test
  void knowsItsBounds() {
    assertThrows(IllegalArgumentException.class, () -> new PreviewShape(481, 10, 0, 1_000_000));
    assertThrows(IllegalArgumentException.class, () -> new PreviewShape(480, 11, 0, 1_000_000));
    assertThrows(IllegalArgumentException.class, () -> new PreviewShape(480, 10, -1, 1_000_000));
    assertThrows(IllegalArgumentException.class, () -> new PreviewShape(480, 10, 0, 15_000_001));
  }

  /** A WebP file's chunks (RFC 9649). */
  private record WebpFile(
      int widthPx, int heightPx, List<Integer> durationsMs, Bytes firstPictureChunks) {
    static WebpFile read(Path file) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals("RIFF", text(bytes));
      assertEquals(bytes.limit() - 8, bytes.getInt());
      assertEquals("WEBP", text(bytes));
      int width = 0;
      int height = 0;
      List<Integer> durations = new ArrayList<>();
      byte[] first = null;
      while (bytes.hasRemaining()) {
        String type = text(bytes);
        int length = bytes.getInt();
        int at = bytes.position();
        if (type.equals("VP8X")) {
          width = 1 + triple(bytes, at + 4);
          height = 1 + triple(bytes, at + 7);
        } else if (type.equals("ANMF")) {
          durations.add(triple(bytes, at + 12));
          if (first == null) {
            first = new byte[length - 16];
            bytes.get(at + 16, first);
          }
        }
        bytes.position(at + length + length % 2);
      }
      return new WebpFile(width, height, durations, Bytes.copyOf(first));
    }

    private static String text(ByteBuffer bytes) {
      byte[] four = new byte[4];
      bytes.get(four);
      return new String(four, StandardCharsets.ISO_8859_1);
    }

    private static int triple(ByteBuffer bytes, int at) {
      return bytes.getInt(at) & 0xffffff;
    }

    BufferedImage firstPicture(Path folder) throws Exception {
      ByteBuffer still =
          ByteBuffer.allocate(12 + firstPictureChunks.length()).order(ByteOrder.LITTLE_ENDIAN);
      still.put("RIFF".getBytes(StandardCharsets.ISO_8859_1));
      still.putInt(4 + firstPictureChunks.length());
      still.put("WEBP".getBytes(StandardCharsets.ISO_8859_1)).put(firstPictureChunks.asBuffer());
      Path webp = Files.write(folder.resolve("still.webp"), still.array());
      Path png = folder.resolve("still.png");
      Program.ffmpeg("-i", webp.toString(), "-frames:v", "1", png.toString());
      BufferedImage image = ImageIO.read(png.toFile());
      assertTrue(image.getWidth() > 0);
      return image;
    }
  }
}
