package dev.halcyon.core.clip.derive;

import java.util.Locale;

/**
 * Small pictures of a clip in one image, row by row, each standing for as long a piece of it.
 *
 * @param tiles how many
 * @param columns of a row
 * @param stepUs the piece that a tile stands for; the last one may be shorter
 * @param lengthUs of the clip
 */
public record StripGrid(
    int tiles, int columns, int tileWidthPx, int tileHeightPx, long stepUs, long lengthUs) {
  private static final int COLUMNS = 10;
  private static final int MAX_TILES = 100;
  private static final int MIN_TILES = 10;
  private static final long TILE_US = 1_000_000;

  public StripGrid {
    if (tiles < 1 || columns < 1 || tileWidthPx < 1 || tileHeightPx < 1 || stepUs < 1) {
      throw new IllegalArgumentException(
          "not a strip [tiles=" + tiles + ", stepUs=" + stepUs + "]");
    }
  }

  /** A tile a second, but between {@value #MIN_TILES} and {@value #MAX_TILES} of them. */
  public static StripGrid of(long lengthUs, int tileWidthPx, int tileHeightPx) {
    long heldUs = Math.max(1, lengthUs);
    int tiles = Math.clamp(heldUs / TILE_US, MIN_TILES, MAX_TILES);
    return new StripGrid(
        tiles,
        Math.min(tiles, COLUMNS),
        tileWidthPx,
        tileHeightPx,
        Math.ceilDiv(heldUs, tiles),
        heldUs);
  }

  /** The moment that a tile shows: the middle of its piece. */
  public long shownUs(int tile) {
    return Math.min(lengthUs - 1, tile * stepUs + stepUs / 2);
  }

  public int leftPx(int tile) {
    return tile % columns * tileWidthPx;
  }

  public int topPx(int tile) {
    return tile / columns * tileHeightPx;
  }

  public int widthPx() {
    return columns * tileWidthPx;
  }

  public int heightPx() {
    return Math.ceilDiv(tiles, columns) * tileHeightPx;
  }

  /**
   * The strip as players read it: WebVTT, each cue an area of the image (W3C Media Fragments,
   * 4.2.2).
   *
   * @param imageUrl without a fragment
   */
  public String webVtt(String imageUrl) {
    StringBuilder text = new StringBuilder("WEBVTT\n");
    for (int tile = 0; tile < tiles && tile * stepUs < lengthUs; tile++) {
      text.append('\n')
          .append(clock(tile * stepUs))
          .append(" --> ")
          .append(clock(Math.min(lengthUs, (tile + 1) * stepUs)))
          .append('\n')
          .append(imageUrl)
          .append("#xywh=")
          .append(leftPx(tile))
          .append(',')
          .append(topPx(tile))
          .append(',')
          .append(tileWidthPx)
          .append(',')
          .append(tileHeightPx)
          .append('\n');
    }
    return text.toString();
  }

  /** {@code HH:MM:SS.mmm} */
  private static String clock(long us) {
    long ms = us / 1_000;
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d.%03d",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1_000 % 60,
        ms % 1_000);
  }
}
