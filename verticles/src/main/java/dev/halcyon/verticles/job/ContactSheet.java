package dev.halcyon.verticles.job;

import dev.halcyon.core.analysis.TimeSpan;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A page that shows all clips of a run. One file: styles and posters are in it, it loads nothing
 * from anywhere but the clips beside it, and has no script. A value; {@link #html} is pure.
 *
 * @param source name of the file that the clips are of
 * @param facts what the source is, in a few words
 * @param durationUs of the source
 * @param loudness of the source, 0..1 each, evenly along it; empty when it is silent
 */
record ContactSheet(
    String source, String facts, long durationUs, List<Double> loudness, List<Card> clips) {
  /** Tells a sheet from any other page. */
  static final String MAKER = "<meta name=\"generator\" content=\"Halcyon clip\">";

  private static final int WAVE_HEIGHT = 40;
  private static final int WAVE_WIDTH = 1000;

  /**
   * One clip.
   *
   * @param file name of its video, beside the page
   * @param window of the source
   * @param widthPx of the clip
   * @param score 0..1, as are the next two
   * @param posterBase64 a JPEG; empty when there is none
   * @param beside names of its other files
   */
  record Card(
      String file,
      TimeSpan window,
      int widthPx,
      int heightPx,
      String title,
      String reason,
      String excerpt,
      List<String> hashtags,
      double score,
      double virality,
      double coherence,
      String posterBase64,
      List<String> beside) {}

  ContactSheet {
    Objects.requireNonNull(source, "source");
    loudness = List.copyOf(loudness);
    clips = List.copyOf(clips);
  }

  String html() {
    StringBuilder page = new StringBuilder(64 << 10);
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
        .append(MAKER)
        .append('\n')
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'\">\n")
        .append("<title>")
        .append(escaped(clips.size() + " clips of " + source))
        .append("</title>\n<style>")
        .append(SheetStyle.CSS)
        .append("</style></head><body>\n");
    head(page);
    page.append("<main>\n");
    for (int n = 0; n < clips.size(); n++) {
      card(page, n + 1, clips.get(n));
    }
    if (clips.isEmpty()) {
      page.append("<p class=\"none\">No part of this video stood out enough for a clip.</p>\n");
    }
    page.append("</main>\n</body></html>\n");
    return page.toString();
  }

  private void head(StringBuilder page) {
    page.append("<header><h1>")
        .append(escaped(source))
        .append("</h1><p>")
        .append(escaped(facts))
        .append("</p>\n");
    timeline(page);
    page.append("</header>\n");
  }

  /** The whole source as a strip: how loud it is, and where the clips were taken from. */
  private void timeline(StringBuilder page) {
    page.append("<nav class=\"strip\" aria-label=\"Where the clips are\">");
    if (!loudness.isEmpty()) {
      page.append("<svg viewBox=\"0 0 ")
          .append(WAVE_WIDTH)
          .append(' ')
          .append(WAVE_HEIGHT)
          .append("\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"")
          .append(wave())
          .append("\"/></svg>");
    }
    for (int n = 0; n < clips.size(); n++) {
      TimeSpan window = clips.get(n).window();
      page.append(
          String.format(
              Locale.ROOT,
              "<a href=\"#c%d\" style=\"left:%.3f%%;width:%.3f%%\" title=\"%s\">%d</a>",
              n + 1,
              100.0 * window.fromUs() / durationUs,
              100.0 * window.lengthUs() / durationUs,
              escaped(clips.get(n).title()),
              n + 1));
    }
    page.append("</nav>\n");
  }

  private String wave() {
    StringBuilder upper = new StringBuilder("M0 " + WAVE_HEIGHT / 2);
    StringBuilder lower = new StringBuilder();
    for (int n = 0; n < loudness.size(); n++) {
      double x = (n + 0.5) * WAVE_WIDTH / loudness.size();
      double half = Math.max(0.02, loudness.get(n)) * WAVE_HEIGHT / 2;
      upper.append(String.format(Locale.ROOT, "L%.1f %.1f", x, WAVE_HEIGHT / 2.0 - half));
      lower.insert(0, String.format(Locale.ROOT, "L%.1f %.1f", x, WAVE_HEIGHT / 2.0 + half));
    }
    return upper + "L" + WAVE_WIDTH + " " + WAVE_HEIGHT / 2 + lower + "Z";
  }

  private static void card(StringBuilder page, int number, Card clip) {
    page.append("<article id=\"c").append(number).append("\">\n");
    video(page, clip);
    page.append("<div class=\"text\"><h2><span>")
        .append(number)
        .append("</span>")
        .append(escaped(clip.title()))
        .append("</h2>\n<p class=\"when\">")
        .append(clock(clip.window().fromUs()))
        .append(" – ")
        .append(clock(clip.window().toUs()))
        .append(" · ")
        .append(String.format(Locale.ROOT, "%.1f s", clip.window().lengthUs() / 1e6))
        .append("</p>\n<dl>");
    meter(page, "score", clip.score());
    meter(page, "virality", clip.virality());
    meter(page, "coherence", clip.coherence());
    page.append("</dl>\n");
    paragraph(page, "why", clip.reason());
    if (!clip.excerpt().isBlank()) {
      page.append("<blockquote>").append(escaped(clip.excerpt())).append("</blockquote>\n");
    }
    paragraph(page, "tags", String.join(" ", clip.hashtags()));
    page.append("<p class=\"files\">");
    link(page, clip.file(), "download");
    clip.beside().forEach(name -> link(page, name, ""));
    page.append("</p></div></article>\n");
  }

  private static void video(StringBuilder page, Card clip) {
    page.append(
        String.format(
            Locale.ROOT,
            "<video controls playsinline preload=\"none\" width=\"%d\" height=\"%d\" src=\"%s\"",
            clip.widthPx(),
            clip.heightPx(),
            escaped(clip.file())));
    if (!clip.posterBase64().isEmpty()) {
      page.append(" poster=\"data:image/jpeg;base64,").append(clip.posterBase64()).append('"');
    }
    page.append(" style=\"aspect-ratio:")
        .append(clip.widthPx())
        .append('/')
        .append(clip.heightPx())
        .append("\"></video>\n");
  }

  private static void meter(StringBuilder page, String name, double value) {
    page.append(
        String.format(
            Locale.ROOT,
            "<div><dt>%s</dt><dd><i style=\"width:%.0f%%\"></i><b>%.2f</b></dd></div>",
            name,
            100 * Math.clamp(value, 0, 1),
            value));
  }

  private static void paragraph(StringBuilder page, String style, String text) {
    if (!text.isBlank()) {
      page.append("<p class=\"").append(style).append("\">").append(escaped(text)).append("</p>\n");
    }
  }

  private static void link(StringBuilder page, String name, String attribute) {
    String shown = attribute.isEmpty() ? name.substring(name.lastIndexOf('.')) : name;
    page.append("<a href=\"")
        .append(escaped(name))
        .append("\" ")
        .append(attribute)
        .append('>')
        .append(escaped(shown))
        .append("</a> ");
  }

  private static String clock(long atUs) {
    return ProgressText.clock(Duration.ofMillis(atUs / 1000));
  }

  /** Titles and words are of others: none of them is markup. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
