package dev.halcyon.codecs.testcard;

import java.util.Optional;

/**
 * The code that every picture of the test card carries: 88 black or white cells in the bottom
 * quarter, so large that they survive lossy coding and scaling.
 *
 * <pre>
 *   the band: 24 x 5 units of (width/24) x (height/20); a guard of black around 22 x 4 cells
 *
 *   bit    0..23   24..31   32..71    72..87
 *          index   cardId   timeUs    CRC-16/CCITT-FALSE of the nine bytes before
 *
 *   most significant bit first, cells row by row from the top left; white is 1
 * </pre>
 *
 * The card says its own time, so that a judge needs no knowledge of how a file was made. Any
 * thread.
 */
final class FrameCode {
  static final int COLUMNS = 22;
  static final int ROWS = 4;

  /** The band's size in units of a cell: one column of guard at each side, half a row above. */
  static final int BAND_COLUMNS = 24;

  static final int PICTURE_ROWS = 20;
  static final int BAND_ROWS = 5;

  private static final int CODED_BYTES = COLUMNS * ROWS / 8;
  private static final int PAYLOAD_BYTES = CODED_BYTES - 2;

  /** White minus black; half of what limited range gives, for pictures in a fade. */
  private static final int MIN_CONTRAST = 64;

  /** Points looked at in each direction of a cell. */
  private static final int PROBES = 6;

  private FrameCode() {}

  /** The first pixel row of the band. */
  static int bandTopPx(int heightPx) {
    return heightPx * (PICTURE_ROWS - BAND_ROWS) / PICTURE_ROWS;
  }

  /** Draws the band over the bottom of a picture. */
  static void draw(YuvCanvas canvas, FrameStamp stamp) {
    int widthPx = canvas.widthPx();
    int heightPx = canvas.heightPx();
    canvas.fill(0, bandTopPx(heightPx), widthPx, heightPx, YuvColour.BLACK);
    byte[] coded = encode(stamp);
    for (int cell = 0; cell < COLUMNS * ROWS; cell++) {
      if ((coded[cell / 8] >> (7 - cell % 8) & 1) != 0) {
        int column = cell % COLUMNS;
        int row = cell / COLUMNS;
        canvas.fill(
            leftPx(column, widthPx),
            topPx(row, heightPx),
            leftPx(column + 1, widthPx),
            topPx(row + 1, heightPx),
            YuvColour.WHITE);
      }
    }
  }

  /** Reads the band; empty when it is not there, blended or damaged. */
  static Optional<FrameStamp> read(LumaPlane luma) {
    int[] levels = new int[COLUMNS * ROWS];
    int darkest = 255;
    int brightest = 0;
    for (int cell = 0; cell < levels.length; cell++) {
      levels[cell] = level(luma, cell % COLUMNS, cell / COLUMNS);
      darkest = Math.min(darkest, levels[cell]);
      brightest = Math.max(brightest, levels[cell]);
    }
    int contrast = brightest - darkest;
    if (contrast < MIN_CONTRAST) {
      return Optional.empty();
    }
    byte[] coded = new byte[CODED_BYTES];
    for (int cell = 0; cell < levels.length; cell++) {
      int fromMiddle = 2 * levels[cell] - brightest - darkest;
      if (Math.abs(fromMiddle) < contrast / 4) {
        return Optional.empty(); // neither black nor white: two pictures blended into one
      }
      if (fromMiddle > 0) {
        coded[cell / 8] |= (byte) (1 << (7 - cell % 8));
      }
    }
    return decode(coded);
  }

  private static int leftPx(int column, int widthPx) {
    return (column + 1) * widthPx / BAND_COLUMNS;
  }

  private static int topPx(int row, int heightPx) {
    return (2 * (PICTURE_ROWS - BAND_ROWS) + 1 + 2 * row) * heightPx / (2 * PICTURE_ROWS);
  }

  /** The mean of the middle half of a cell, where neighbours do not bleed in. */
  private static int level(LumaPlane luma, int column, int row) {
    double left = (column + 1) * (double) luma.widthPx() / BAND_COLUMNS;
    double top = (PICTURE_ROWS - BAND_ROWS + 0.5 + row) * (double) luma.heightPx() / PICTURE_ROWS;
    double cellWidth = (double) luma.widthPx() / BAND_COLUMNS;
    double cellHeight = (double) luma.heightPx() / PICTURE_ROWS;
    int sum = 0;
    for (int probeY = 0; probeY < PROBES; probeY++) {
      int y = (int) (top + cellHeight * (0.25 + 0.5 * (probeY + 0.5) / PROBES));
      for (int probeX = 0; probeX < PROBES; probeX++) {
        sum += luma.at((int) (left + cellWidth * (0.25 + 0.5 * (probeX + 0.5) / PROBES)), y);
      }
    }
    return sum / (PROBES * PROBES);
  }

  private static byte[] encode(FrameStamp stamp) {
    byte[] coded = new byte[CODED_BYTES];
    put(coded, 0, 3, stamp.index());
    put(coded, 3, 1, stamp.cardId());
    put(coded, 4, 5, stamp.timeUs());
    put(coded, PAYLOAD_BYTES, 2, crc16(coded));
    return coded;
  }

  private static Optional<FrameStamp> decode(byte[] coded) {
    if (value(coded, PAYLOAD_BYTES, 2) != crc16(coded)) {
      return Optional.empty();
    }
    return Optional.of(
        new FrameStamp((int) value(coded, 0, 3), (int) value(coded, 3, 1), value(coded, 4, 5)));
  }

  private static void put(byte[] coded, int offset, int length, long value) {
    for (int i = 0; i < length; i++) {
      coded[offset + i] = (byte) (value >> (8 * (length - 1 - i)));
    }
  }

  private static long value(byte[] coded, int offset, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = (value << 8) | (coded[offset + i] & 0xff);
    }
    return value;
  }

  /** CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xffff, so that all-black is no valid code. */
  private static int crc16(byte[] coded) {
    int crc = 0xffff;
    for (int i = 0; i < PAYLOAD_BYTES; i++) {
      crc ^= (coded[i] & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = ((crc << 1) ^ ((crc & 0x8000) != 0 ? 0x1021 : 0)) & 0xffff;
      }
    }
    return crc;
  }
}
