package dev.halcyon.core.caption;

import java.util.List;
import java.util.Locale;

/** Captions as files of text. Times are clip time, rounded down to what a format can say. */
public final class Subtitles {
  private Subtitles() {}

  /** SubRip. */
  public static String srt(List<CaptionLine> lines) {
    StringBuilder srt = new StringBuilder();
    int number = 0;
    for (CaptionLine line : lines) {
      srt.append(++number).append('\n');
      srt.append(stamp(line.span().fromUs(), ',')).append(" --> ");
      srt.append(stamp(end(line), ',')).append('\n');
      srt.append(line.text().replace("-->", "→")).append("\n\n");
    }
    return srt.toString();
  }

  /** WebVTT with the time of each word, for players that show them one after the other. */
  public static String vtt(List<CaptionLine> lines) {
    StringBuilder vtt = new StringBuilder("WEBVTT\n");
    for (CaptionLine line : lines) {
      vtt.append('\n').append(stamp(line.span().fromUs(), '.')).append(" --> ");
      vtt.append(stamp(end(line), '.')).append('\n');
      long lastMs = line.span().fromUs() / 1000;
      int row = 0;
      for (CaptionWord word : line.words()) {
        vtt.append(word.row() != row ? "\n" : word.isBlankBefore() ? " " : "");
        row = word.row();
        long atMs = word.span().fromUs() / 1000;
        if (atMs > lastMs && atMs < end(line) / 1000) {
          vtt.append('<').append(stamp(word.span().fromUs(), '.')).append('>');
          lastMs = atMs;
        }
        vtt.append(escaped(word.text()));
        word.emoji().ifPresent(emoji -> vtt.append(' ').append(emoji));
      }
      vtt.append('\n');
    }
    return vtt.toString();
  }

  /**
   * Advanced SubStation, moving as the track's style as far as that format can; see {@link
   * AssText}.
   *
   * @param safe where captions may stand
   */
  public static String ass(CaptionTrack track, int widthPx, int heightPx, SafeArea safe) {
    return AssText.write(track, widthPx, heightPx, safe);
  }

  /** No cue is without length. */
  private static long end(CaptionLine line) {
    return Math.max(line.span().toUs(), line.span().fromUs() + 1000);
  }

  private static String stamp(long atUs, char point) {
    long ms = atUs / 1000;
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%s%03d",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1000 % 60,
        point,
        ms % 1000);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
