package dev.halcyon.codecs.caption;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Captions, read from the pixels that they leave. */
class CaptionPainterTest {
  private static final int WIDTH_PX = 540;
  private static final int HEIGHT_PX = 960;
  private static final int GREY = 100;

  private static final CaptionStyle[] STYLES = CaptionStyle.values();

  /** Half a second a word; the upper row holds the first {@code upper} of them. */
  private static CaptionTrack track(CaptionStyle style, int upper, String... texts) {
    List<CaptionWord> words = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      words.add(
          new CaptionWord(
              texts[i],
              new TimeSpan(i * 500_000L, (i + 1) * 500_000L),
              i < upper ? 0 : 1,
              i != 0 && i != upper,
              Optional.empty()));
    }
    return new CaptionTrack(
        style, List.of(new CaptionLine(new TimeSpan(0, texts.length * 500_000L), words)));
  }

  /** Where pixels differ from the grey that was there. */
  private record Ink(int left, int top, int right, int bottom, int pixels, int brightest) {}

  private static Ink ink(CaptionTrack track, long clipUs, SafeArea safe) {
    try (CaptionPainter painter = new CaptionPainter(track.style(), WIDTH_PX, HEIGHT_PX, safe);
        FrameHandle frame = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, WIDTH_PX, HEIGHT_PX)) {
      for (int plane = 0; plane < 3; plane++) {
        ByteBuffer bytes = plane(frame, plane);
        for (int i = 0; i < bytes.capacity(); i++) {
          bytes.put(i, (byte) (plane == 0 ? GREY : 128));
        }
      }
      painter.image(track.at(clipUs)).ifPresent(image -> image.blend(frame.pointer()));
      return ink(frame);
    }
  }

  private static ByteBuffer plane(FrameHandle frame, int plane) {
    int rows = HEIGHT_PX >> (plane == 0 ? 0 : 1);
    return frame
        .pointer()
        .data(plane)
        .capacity((long) rows * frame.pointer().linesize(plane))
        .asByteBuffer();
  }

  private static Ink ink(FrameHandle frame) {
    ByteBuffer luma = plane(frame, 0);
    int left = WIDTH_PX;
    int top = HEIGHT_PX;
    int right = 0;
    int bottom = 0;
    int pixels = 0;
    int brightest = 0;
    for (int y = 0; y < HEIGHT_PX; y++) {
      for (int x = 0; x < WIDTH_PX; x++) {
        int value = luma.get(y * frame.pointer().linesize(0) + x) & 0xff;
        if (Math.abs(value - GREY) > 12) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
          pixels++;
          brightest = Math.max(brightest, value);
        }
      }
    }
    return new Ink(left, top, right, bottom, pixels, brightest);
  }

  @Test
  void everyStyleStandsInTheSafeAreaWithLettersAsBrightAsWhite() throws Throwable {
    assertNoLeak(
        () -> {
          for (CaptionStyle style : STYLES) {
            Ink ink =
                ink(
                    track(style, 2, "This", "is", "what", "we", "came", "for"),
                    1_900_000,
                    SafeArea.EVERYWHERE);
            assertTrue(ink.pixels() > 2_000, style + " " + ink);
            assertTrue(
                ink.left() >= 0.05 * WIDTH_PX && ink.right() <= 0.85 * WIDTH_PX, style + " " + ink);
            assertTrue(
                ink.bottom() <= 0.78 * HEIGHT_PX && ink.top() > 0.5 * HEIGHT_PX, style + " " + ink);
            assertTrue(ink.brightest() >= 233, style + " " + ink);
          }
        });
  }

  @Test
  void aLongWordIsMadeSmallerInsteadOfCut() {
    Ink ink =
        ink(
            track(CaptionStyle.KARAOKE, 1, "Donaudampfschifffahrtsgesellschaft"),
            100_000,
            SafeArea.PLAIN);
    assertTrue(ink.left() >= 0.04 * WIDTH_PX && ink.right() <= 0.96 * WIDTH_PX, ink::toString);
  }

  @Test
  void aRowThatMustGiveWayTakesTheOtherWithIt() {
    CaptionTrack track = track(CaptionStyle.POP_IN, 1, "oh", "remarkable", "wideness");
    Ink upper = ink(track, 450_000, SafeArea.EVERYWHERE);
    Ink both = ink(track, 1_490_000, SafeArea.EVERYWHERE);
    double middle = (both.left() + both.right()) / 2.0;
    assertTrue(Math.abs(middle - WIDTH_PX / 2.0) > 8, "the wide row gives way: " + both);
    assertEquals(middle, (upper.left() + upper.right()) / 2.0, 4, upper + " " + both);
  }

  @Test
  void wordsAppearAsTheyAreSpoken() {
    CaptionTrack popping = track(CaptionStyle.POP_IN, 3, "one", "two", "three");
    Ink first = ink(popping, 400_000, SafeArea.PLAIN);
    Ink all = ink(popping, 1_490_000, SafeArea.PLAIN);
    assertTrue(first.right() < all.right() - 50, first + " " + all);
    assertEquals(first.left(), all.left(), 2, "words do not move when others come");
    CaptionTrack typed = track(CaptionStyle.KARAOKE, 1, "karaoke");
    assertTrue(
        ink(typed, 0, SafeArea.PLAIN).pixels() > 500, "words stand before they are coloured");
  }

  @Test
  void hebrewAndArabicRunFromTheRight() {
    for (List<String> words :
        List.of(List.of("שלום", "עולם", "טוב"), List.of("مرحبا", "بالعالم", "اليوم"))) {
      CaptionTrack track = track(CaptionStyle.POP_IN, 3, words.get(0), words.get(1), words.get(2));
      Ink first = ink(track, 400_000, SafeArea.PLAIN);
      Ink all = ink(track, 1_490_000, SafeArea.PLAIN);
      assertTrue(first.pixels() > 200, words + " " + first);
      assertEquals(all.right(), first.right(), 3, words::toString);
      assertTrue(first.left() > all.left() + 40, words::toString);
    }
  }

  @Test
  void whatLooksTheSameIsDrawnOnce() throws Throwable {
    assertNoLeak(
        () -> {
          CaptionTrack track = track(CaptionStyle.HIGHLIGHT_WORD, 1, "same", "other");
          try (CaptionPainter painter =
              new CaptionPainter(track.style(), WIDTH_PX, HEIGHT_PX, SafeArea.PLAIN)) {
            CaptionImage once = painter.image(track.at(100_000)).orElseThrow();
            assertSame(once, painter.image(track.at(300_000)).orElseThrow());
            assertTrue(painter.image(track.at(9_000_000)).isEmpty());
          }
        });
  }

  @Test
  void fontsOfTheMachineStandInAndAreNamed() throws Throwable {
    assertNoLeak(
        () -> {
          assertEquals(Set.of(), fonts("Plain äöü — Ελληνικά שלום"));
          // Ours have this face, in one colour; a machine may have it in many.
          Ink smile = ink(track(CaptionStyle.BOUNCE, 1, "😀"), 250_000, SafeArea.PLAIN);
          assertTrue(smile.pixels() > 100, smile::toString);
          for (String word : List.of("日本語", "한국어", "𝒜")) {
            boolean isDrawn =
                ink(track(CaptionStyle.BOUNCE, 1, word), 250_000, SafeArea.PLAIN).pixels() > 100;
            assertEquals(isDrawn, !fonts(word).isEmpty(), word + " " + fonts(word));
            System.out.println(word + " is drawn with " + fonts(word));
          }
        });
  }

  private static Set<String> fonts(String word) {
    return CaptionPainter.machineFonts(track(CaptionStyle.BOUNCE, 1, word));
  }

  @Test
  void lettersThatNoFontHasAreLeftOut() {
    String rare = Character.toString(0x10fffd);
    Ink plain = ink(track(CaptionStyle.BOUNCE, 1, "plain"), 250_000, SafeArea.PLAIN);
    assertEquals(
        plain, ink(track(CaptionStyle.BOUNCE, 1, "plain " + rare), 250_000, SafeArea.PLAIN));
    assertEquals(0, ink(track(CaptionStyle.BOUNCE, 1, rare), 250_000, SafeArea.PLAIN).pixels());
  }
}
