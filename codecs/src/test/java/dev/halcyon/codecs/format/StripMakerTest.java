package dev.halcyon.codecs.format;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.CardClip;
import dev.halcyon.codecs.testcard.CardImage;
import dev.halcyon.codecs.testcard.FrameStamp;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.clip.derive.StripGrid;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StripMakerTest {
  private static final Pattern CUE =
      Pattern.compile(
          "(\\d\\d):(\\d\\d):(\\d\\d)\\.(\\d{3}) --> (\\d\\d):(\\d\\d):(\\d\\d)\\.(\\d{3})\n"
              + "strip.jpg#xywh=(\\d+),(\\d+),(\\d+),(\\d+)\n");

  @TempDir Path folder;

  private static long us(Matcher cue, int group) {
    long seconds = 0;
    for (int i = 0; i < 3; i++) {
      seconds = seconds * 60 + Long.parseLong(cue.group(group + i));
    }
    return seconds * 1_000_000 + Long.parseLong(cue.group(group + 3)) * 1_000;
  }

  /** Every cue leads to a tile that says that it was shown within the cue. */
  private void assertTilesAreThoseOfTheirCues(TestCard card, long fromUs, long toUs)
      throws Throwable {
    CardClip clip = CardClip.of(folder, card, toUs + 1_000_000, fromUs, toUs);
    Path jpeg = folder.resolve("strip.jpg");
    AtomicReference<StripGrid> made = new AtomicReference<>();
    assertNoLeak(() -> made.set(StripMaker.make(clip.file(), jpeg)));
    StripGrid grid = made.get();
    BufferedImage image = ImageIO.read(jpeg.toFile());
    assertEquals(grid.widthPx(), image.getWidth());
    assertEquals(grid.heightPx(), image.getHeight());
    long startUs = clip.result().contract().deliveredStartUs();
    Matcher cue = CUE.matcher(grid.webVtt("strip.jpg"));
    int cues = 0;
    long endUs = 0;
    while (cue.find()) {
      cues++;
      assertEquals(endUs, us(cue, 1), "cues follow each other");
      endUs = us(cue, 5);
      BufferedImage tile =
          image.getSubimage(
              Integer.parseInt(cue.group(9)),
              Integer.parseInt(cue.group(10)),
              Integer.parseInt(cue.group(11)),
              Integer.parseInt(cue.group(12)));
      FrameStamp stamp = CardImage.stamp(tile).orElseThrow();
      long shownUs = stamp.timeUs() - startUs;
      long middleUs = (us(cue, 1) + endUs) / 2;
      assertTrue(
          shownUs <= middleUs + 1_000 && shownUs > middleUs - 35_000,
          "cue " + cues + " around " + middleUs + " shows " + shownUs);
      assertEquals(List.of(), CardImage.wrongBars(tile, 24));
    }
    assertEquals(grid.tiles(), cues);
    long lengthUs = clip.result().contract().deliveredEndUs() - startUs;
    assertTrue(Math.abs(endUs - lengthUs) < 2_000, endUs + " of " + lengthUs);
  }

  @Test
  void leadsFromEachCueToItsTile() throws Throwable {
    TestCard card = TestCard.builder().size(640, 360).bFrames(2).gop(60).build();
    assertTilesAreThoseOfTheirCues(card, 1_234_567, 13_456_789);
  }

  @Test
  void dividesAShortClipIntoTenAndKeepsAPortraitsShape() throws Throwable {
    TestCard card = TestCard.builder().size(360, 640).gop(250).build();
    assertTilesAreThoseOfTheirCues(card, 500_000, 1_750_000);
  }

  @Test
  void hasNoMoreThanAHundredTiles() {
    StripGrid grid = StripGrid.of(3_600_000_000L, 160, 90);
    assertEquals(100, grid.tiles());
    assertEquals(1_600, grid.widthPx());
    assertEquals(900, grid.heightPx());
    assertTrue(
        grid.webVtt("u").endsWith("00:59:24.000 --> 01:00:00.000\nu#xywh=1440,810,160,90\n"));
    assertEquals(10, StripGrid.of(0, 160, 90).tiles());
  }
}
