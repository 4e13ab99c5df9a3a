package dev.halcyon.core.handover;

/** Writes the XML of Final Cut Pro 7 (xmeml 5), which Premiere Pro and others read. */
public final class FinalCut7Xml {
  private final XmlText xml = new XmlText();
  private final HandoverTimeline timeline;
  private final HandoverSource source;
  private final int tracks;
  private boolean isFileSaid;

  private FinalCut7Xml(HandoverTimeline timeline) {
    this.timeline = timeline;
    this.source = timeline.source();
    this.tracks = source.soundChannels();
  }

  /**
   * One sequence with all clips, one after the other; a track for the pictures and each channel.
   */
  public static String write(HandoverTimeline timeline) {
    return new FinalCut7Xml(timeline).document();
  }

  private String document() {
    xml.line("<!DOCTYPE xmeml>").begin("xmeml", "version", "5");
    xml.begin("sequence", "id", "sequence-1");
    xml.leaf("name", timeline.name()).leaf("duration", timeline.frames());
    rate();
    timecode(0);
    xml.begin("media");
    if (source.hasPicture()) {
      xml.begin("video").begin("format");
      picture();
      xml.end();
      track(0);
      xml.end();
    }
    if (source.hasSound()) {
      xml.begin("audio").leaf("numOutputChannels", tracks);
      xml.begin("format");
      sound();
      xml.end();
      for (int channel = 1; channel <= tracks; channel++) {
        track(channel);
      }
      xml.end();
    }
    return xml.end().end().end().toString();
  }

  private void rate() {
    xml.begin("rate")
        .leaf("timebase", source.timecode().framesASecond())
        .leaf("ntsc", source.rate().denominator() == 1001 ? "TRUE" : "FALSE")
        .end();
  }

  private void timecode(long frame) {
    xml.begin("timecode");
    rate();
    xml.leaf("string", source.timecode().format(frame))
        .leaf("frame", frame)
        .leaf("displayformat", source.isDropFrame() ? "DF" : "NDF")
        .end();
  }

  private void picture() {
    xml.begin("samplecharacteristics");
    rate();
    xml.leaf("width", source.widthPx())
        .leaf("height", source.heightPx())
        .leaf("anamorphic", "FALSE")
        .leaf("pixelaspectratio", "square")
        .leaf("fielddominance", "none")
        .end();
  }

  private void sound() {
    xml.begin("samplecharacteristics")
        .leaf("depth", 16)
        .leaf("samplerate", source.soundRateHz())
        .end();
  }

  /**
   * @param channel 0 for the pictures
   */
  private void track(int channel) {
    xml.begin("track");
    long start = 0;
    for (int i = 0; i < timeline.clips().size(); i++) {
      HandoverClip clip = timeline.clips().get(i);
      item(clip, i, channel, start);
      start += clip.frames();
    }
    xml.end();
  }

  private void item(HandoverClip clip, int index, int channel, long start) {
    xml.begin("clipitem", "id", id(index, channel));
    xml.leaf("name", clip.name()).leaf("enabled", "TRUE").leaf("duration", source.frames());
    rate();
    xml.leaf("start", start)
        .leaf("end", start + clip.frames())
        .leaf("in", clip.fromFrame())
        .leaf("out", clip.toFrame());
    file();
    if (channel > 0) {
      xml.begin("sourcetrack")
          .leaf("mediatype", "audio")
          .leaf("trackindex", source.firstSoundChannel() + channel)
          .end();
    }
    links(index);
    if (channel == 0 || !source.hasPicture()) {
      markers(clip);
    }
    xml.end();
  }

  private static String id(int index, int channel) {
    return "clipitem-" + (index + 1) + (channel == 0 ? "-v" : "-a" + channel);
  }

  /** The file is described where it is first used; later its id is enough. */
  private void file() {
    if (isFileSaid) {
      xml.empty("file", "id", "file-1");
      return;
    }
    isFileSaid = true;
    xml.begin("file", "id", "file-1").leaf("name", source.name());
    xml.leaf("pathurl", source.url().replaceFirst("^file:///", "file://localhost/"));
    rate();
    xml.leaf("duration", source.frames());
    timecode(source.firstTimecode());
    xml.begin("media");
    if (source.hasPicture()) {
      xml.begin("video");
      picture();
      xml.end();
    }
    if (source.hasSound()) {
      xml.begin("audio");
      sound();
      xml.leaf("channelcount", source.allSoundChannels()).end();
    }
    xml.end().end();
  }

  /** Pictures and sound of a clip move together. */
  private void links(int index) {
    for (int channel = source.hasPicture() ? 0 : 1; channel <= tracks; channel++) {
      xml.begin("link")
          .leaf("linkclipref", id(index, channel))
          .leaf("mediatype", channel == 0 ? "video" : "audio")
          .leaf("trackindex", Math.max(1, channel))
          .leaf("clipindex", index + 1)
          .end();
    }
  }

  private void markers(HandoverClip clip) {
    for (HandoverMarker marker : clip.markers()) {
      xml.begin("marker")
          .leaf("comment", marker.note())
          .leaf("name", marker.name())
          .leaf("in", marker.frame())
          .leaf("out", -1)
          .end();
    }
  }
}
