package dev.halcyon.core.handover;

import java.util.Locale;

/**
 * Writes an edit decision list of CMX 3600. It can say no more than time codes, names and markers;
 * only the first {@value #MAX_EVENTS} clips.
 */
public final class CmxEdl {
  /** Event numbers have three digits. */
  public static final int MAX_EVENTS = 999;

  private static final int MAX_NAME = 120;

  private CmxEdl() {}

  /** The record side begins at one hour, as is the custom. */
  public static String write(HandoverTimeline timeline) {
    HandoverSource source = timeline.source();
    Timecode timecode = source.timecode();
    StringBuilder edl = new StringBuilder();
    edl.append("TITLE: ").append(plain(timeline.name())).append('\n');
    edl.append("FCM: ").append(source.isDropFrame() ? "" : "NON-").append("DROP FRAME\n");
    long record = timecode.parse(source.isDropFrame() ? "01:00:00;00" : "01:00:00:00");
    int event = 0;
    for (HandoverClip clip : timeline.clips().stream().limit(MAX_EVENTS).toList()) {
      long from = source.firstTimecode() + clip.fromFrame();
      edl.append(
          String.format(
              Locale.ROOT,
              "\n%03d  AX       %-5s C        %s %s %s %s\n",
              ++event,
              tracks(source),
              timecode.format(from),
              timecode.format(from + clip.frames()),
              timecode.format(record),
              timecode.format(record + clip.frames())));
      edl.append("* FROM CLIP NAME: ").append(plain(source.name())).append('\n');
      edl.append("* COMMENT: ").append(plain(clip.name())).append('\n');
      for (HandoverMarker marker : clip.markers()) {
        String at = timecode.format(record + marker.frame() - clip.fromFrame());
        edl.append("* LOC: ").append(at).append(" RED     ").append(plain(marker.name()));
        edl.append('\n');
      }
      record += clip.frames();
    }
    return edl.toString();
  }

  private static String tracks(HandoverSource source) {
    String sound = source.soundChannels() > 1 ? "AA" : "A";
    if (!source.hasPicture()) {
      return sound;
    }
    return source.hasSound() ? sound + "/V" : "V";
  }

  /** One line, as these lists are read line by line. */
  private static String plain(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.substring(
        0, line.offsetByCodePoints(0, Math.min(MAX_NAME, line.codePointCount(0, line.length()))));
  }
}
