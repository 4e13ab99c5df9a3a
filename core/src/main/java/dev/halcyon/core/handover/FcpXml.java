package dev.halcyon.core.handover;

import dev.halcyon.core.media.FrameRate;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes FCPXML 1.10, as Final Cut Pro and DaVinci Resolve read it. */
public final class FcpXml {
  private static final String FORMAT = "r1";
  private static final String ASSET = "r2";

  private FcpXml() {}

  /** A library with one project: all clips, one after the other. */
  public static String write(HandoverTimeline timeline) {
    XmlText xml = new XmlText().line("<!DOCTYPE fcpxml>");
    xml.begin("fcpxml", "version", "1.10");
    resources(xml, timeline.source());
    xml.begin("library").begin("event", "name", timeline.name());
    xml.begin("project", "name", timeline.name());
    sequence(xml, timeline);
    return xml.end().end().end().end().toString();
  }

  private static void resources(XmlText xml, HandoverSource source) {
    xml.begin("resources");
    xml.empty(
        "format",
        "id",
        FORMAT,
        "frameDuration",
        seconds(1, source.rate()),
        "width",
        source.hasPicture() ? source.widthPx() : 1920,
        "height",
        source.hasPicture() ? source.heightPx() : 1080);
    asset(xml, source);
    xml.end();
  }

  private static void asset(XmlText xml, HandoverSource source) {
    Object[] start = {
      "id", ASSET,
      "name", source.name(),
      "start", seconds(source.firstTimecode(), source.rate()),
      "duration", seconds(source.frames(), source.rate())
    };
    Object[] picture = {"hasVideo", 1, "format", FORMAT, "videoSources", 1};
    Object[] sound = {
      "hasAudio",
      1,
      "audioSources",
      1,
      "audioChannels",
      source.allSoundChannels(),
      "audioRate",
      source.soundRateHz()
    };
    Object[] none = {};
    xml.begin(
        "asset",
        joined(start, source.hasPicture() ? picture : none, source.hasSound() ? sound : none));
    xml.empty("media-rep", "kind", "original-media", "src", source.url()).end();
  }

  private static Object[] joined(Object[]... parts) {
    return Arrays.stream(parts).flatMap(Arrays::stream).toArray();
  }

  private static void sequence(XmlText xml, HandoverTimeline timeline) {
    HandoverSource source = timeline.source();
    String tcFormat = source.isDropFrame() ? "DF" : "NDF";
    xml.begin(
        "sequence",
        "format",
        FORMAT,
        "duration",
        seconds(timeline.frames(), source.rate()),
        "tcStart",
        "0s",
        "tcFormat",
        tcFormat);
    xml.begin("spine");
    long offset = 0;
    for (HandoverClip clip : timeline.clips()) {
      xml.begin(
          "asset-clip",
          "ref",
          ASSET,
          "name",
          clip.name(),
          "offset",
          seconds(offset, source.rate()),
          "start",
          seconds(source.firstTimecode() + clip.fromFrame(), source.rate()),
          "duration",
          seconds(clip.frames(), source.rate()),
          "tcFormat",
          tcFormat);
      details(xml, source, clip);
      xml.end();
      offset += clip.frames();
    }
    xml.end().end();
  }

  private static void details(XmlText xml, HandoverSource source, HandoverClip clip) {
    if (!clip.note().isEmpty()) {
      xml.leaf("note", clip.note());
    }
    for (HandoverMarker marker : clip.markers()) {
      xml.empty(
          "marker",
          "start",
          seconds(source.firstTimecode() + marker.frame(), source.rate()),
          "duration",
          seconds(1, source.rate()),
          "value",
          marker.name(),
          "note",
          marker.note());
    }
    if (source.hasSound() && source.hasOtherSounds()) {
      String channels =
          IntStream.rangeClosed(1, source.soundChannels())
              .mapToObj(channel -> Integer.toString(source.firstSoundChannel() + channel))
              .collect(Collectors.joining(", "));
      xml.empty("audio-channel-source", "srcCh", channels, "role", "dialogue");
    }
  }

  /** An exact time: {@code 1001/30000s}, or {@code 5s} for whole seconds. */
  static String seconds(long frames, FrameRate rate) {
    BigInteger numerator =
        BigInteger.valueOf(frames).multiply(BigInteger.valueOf(rate.denominator()));
    BigInteger denominator = BigInteger.valueOf(rate.numerator());
    BigInteger common = numerator.gcd(denominator);
    BigInteger whole = denominator.divide(common);
    String over = whole.equals(BigInteger.ONE) ? "" : "/" + whole;
    return numerator.divide(common) + over + "s";
  }
}
