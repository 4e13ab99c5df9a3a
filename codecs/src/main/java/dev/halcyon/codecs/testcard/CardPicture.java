package dev.halcyon.codecs.testcard;

/**
 * Draws the test card: a coloured backdrop with a clock, the running time, a sweeping bar and
 * colour bars, and the {@link FrameCode} below. The same stamp and scene always give the same
 * picture. One thread at a time.
 */
final class CardPicture {
  private static final YuvColour[] BACKDROPS = {
    YuvColour.ofRgb(24, 58, 110),
    YuvColour.ofRgb(196, 112, 40),
    YuvColour.ofRgb(20, 104, 84),
    YuvColour.ofRgb(206, 170, 190),
    YuvColour.ofRgb(84, 32, 92),
    YuvColour.ofRgb(128, 168, 60),
    YuvColour.ofRgb(140, 28, 44),
    YuvColour.ofRgb(150, 190, 214),
  };

  private static final YuvColour[] COLOUR_BARS = {
    YuvColour.ofRgb(191, 191, 191),
    YuvColour.ofRgb(191, 191, 0),
    YuvColour.ofRgb(0, 191, 191),
    YuvColour.ofRgb(0, 191, 0),
    YuvColour.ofRgb(191, 0, 191),
    YuvColour.ofRgb(191, 0, 0),
    YuvColour.ofRgb(0, 0, 191),
  };

  private static final YuvColour SHADE = YuvColour.ofRgb(16, 18, 24);
  private static final YuvColour FLASH = YuvColour.ofRgb(255, 214, 64);

  private static final long SWEEP_US = 4_000_000;
  private static final long SECOND_US = 1_000_000;

  /** The clock's centre lights up for so long at each whole second, with the marker's sound. */
  private static final long FLASH_US = 100_000;

  private static final int CLOCK_MARKS = 12;

  private final YuvCanvas canvas;
  private final YuvCanvas backdrop;
  private long drawnScene = -1;

  CardPicture(int widthPx, int heightPx) {
    canvas = new YuvCanvas(widthPx, heightPx);
    backdrop = new YuvCanvas(widthPx, heightPx);
  }

  /** Draws one picture; the canvas is valid until the next. */
  YuvCanvas draw(FrameStamp stamp, long scene) {
    if (scene != drawnScene) {
      drawBackdrop(BACKDROPS[(int) (scene % BACKDROPS.length)]);
      drawnScene = scene;
    }
    canvas.copyFrom(backdrop);
    drawSweep(stamp.timeUs());
    drawClock(stamp.timeUs());
    drawTime(stamp);
    FrameCode.draw(canvas, stamp);
    return canvas;
  }

  private int barsTopPx() {
    return canvas.heightPx() * 13 / 20;
  }

  private void drawBackdrop(YuvColour colour) {
    int widthPx = canvas.widthPx();
    int barsTop = barsTopPx();
    for (int y = 0; y < barsTop; y += 2) {
      backdrop.fill(0, y, widthPx, y + 2, colour.shifted(16 - 32 * y / barsTop));
    }
    for (int bar = 0; bar < COLOUR_BARS.length; bar++) {
      backdrop.fill(
          widthPx * bar / COLOUR_BARS.length,
          barsTop,
          widthPx * (bar + 1) / COLOUR_BARS.length,
          FrameCode.bandTopPx(canvas.heightPx()),
          COLOUR_BARS[bar]);
    }
  }

  private void drawSweep(long timeUs) {
    int widthPx = canvas.widthPx();
    int barPx = Math.max(2, widthPx / 80);
    int left = (int) ((timeUs % SWEEP_US) * (widthPx + barPx) / SWEEP_US) - barPx;
    canvas.fill(left, 0, left + barPx, barsTopPx(), YuvColour.WHITE.shifted(-40));
  }

  private void drawClock(long timeUs) {
    int centreX = canvas.widthPx() / 5;
    int centreY = barsTopPx() / 2;
    int radius = Math.min(centreX, centreY) * 8 / 10;
    canvas.disc(centreX, centreY, radius, SHADE);
    int mark = Math.max(1, radius / 16);
    for (int i = 0; i < CLOCK_MARKS; i++) {
      double angle = 2 * Math.PI * i / CLOCK_MARKS;
      canvas.disc(
          centreX + (int) Math.round(0.85 * radius * Math.sin(angle)),
          centreY - (int) Math.round(0.85 * radius * Math.cos(angle)),
          mark,
          YuvColour.WHITE);
    }
    double angle = 2 * Math.PI * (timeUs % SECOND_US) / SECOND_US;
    canvas.stroke(
        centreX,
        centreY,
        centreX + 0.72 * radius * Math.sin(angle),
        centreY - 0.72 * radius * Math.cos(angle),
        Math.max(2, radius / 12),
        YuvColour.WHITE);
    boolean isFlash = timeUs % SECOND_US < FLASH_US;
    canvas.disc(centreX, centreY, Math.max(2, radius / 4), isFlash ? FLASH : YuvColour.WHITE);
  }

  private void drawTime(FrameStamp stamp) {
    String time = clockText(stamp.timeUs());
    int leftPx = canvas.widthPx() * 2 / 5;
    int dotPx = Math.max(1, (canvas.widthPx() - leftPx) / ((time.length() + 1) * DotFont.ADVANCE));
    int topPx = barsTopPx() / 2 - 9 * dotPx;
    canvas.text(leftPx, topPx, dotPx, "HALCYON", YuvColour.WHITE);
    int timeTopPx = topPx + 10 * dotPx;
    canvas.fill(
        leftPx - 2 * dotPx,
        timeTopPx - 2 * dotPx,
        leftPx + (time.length() * DotFont.ADVANCE + 1) * dotPx,
        timeTopPx + (DotFont.HEIGHT + 2) * dotPx,
        SHADE);
    canvas.text(leftPx, timeTopPx, dotPx, time, YuvColour.WHITE);
    canvas.text(
        leftPx, timeTopPx + 11 * dotPx, dotPx, Integer.toString(stamp.index()), YuvColour.WHITE);
  }

  /** {@code HH:MM:SS.mmm}, made by hand: a formatter would cost more than the picture. */
  private static String clockText(long timeUs) {
    long ms = timeUs / 1000;
    StringBuilder text = new StringBuilder(12);
    appendDigits(text, ms / 3_600_000 % 100, 2).append(':');
    appendDigits(text, ms / 60_000 % 60, 2).append(':');
    appendDigits(text, ms / 1000 % 60, 2).append('.');
    return appendDigits(text, ms % 1000, 3).toString();
  }

  private static StringBuilder appendDigits(StringBuilder text, long value, int digits) {
    for (int divisor = (int) Math.pow(10, digits - 1); divisor > 0; divisor /= 10) {
      text.append((char) ('0' + value / divisor % 10));
    }
    return text;
  }
}
