package dev.halcyon.core.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.handover.HandoverTimeline.Cut;
import dev.halcyon.core.json.Json;
import dev.halcyon.core.json.JsonReader;
import dev.halcyon.core.media.FrameRate;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Random clips of sources of every rate, written and read back. */
class HandoverTest {
  private static final String NASTY = "Q&A <live> \"10'\" \u0007é😀 ]]> -->";

  private static final List<FrameRate> RATES =
      List.of(
          new FrameRate(24_000, 1001),
          new FrameRate(24, 1),
          new FrameRate(25, 1),
          new FrameRate(30_000, 1001),
          new FrameRate(30, 1),
          new FrameRate(50, 1),
          new FrameRate(60_000, 1001),
          new FrameRate(60, 1));

  @Test
  void clipsLieWithinTheMediaAndNearToWhatWasAsked() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      HandoverSource source = source(random);
      List<Cut> cuts = cuts(random, source);
      HandoverTimeline timeline = HandoverTimeline.of("t", source, cuts);
      for (int i = 0; i < cuts.size(); i++) {
        HandoverClip clip = timeline.clips().get(i);
        assertTrue(clip.frames() >= 1 && clip.toFrame() <= source.frames(), "seed " + seed);
        double frameUs = 1e6 * source.rate().denominator() / source.rate().numerator();
        double lastUs = (source.frames() - 1) * frameUs;
        double off =
            clip.fromFrame() * frameUs - Math.min((double) cuts.get(i).span().fromUs(), lastUs);
        assertTrue(Math.abs(off) <= frameUs / 2 + 1, "seed " + seed + ": " + off);
      }
    }
  }

  @Test
  void fcpXmlHoldsExactTimes() throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      HandoverTimeline timeline = timeline(seed);
      HandoverSource source = timeline.source();
      Document xml = parsed(FcpXml.write(timeline));
      Element asset = only(xml, "asset");
      assertEquals(source.url(), only(xml, "media-rep").getAttribute("src"));
      assertEquals(source.frames(), frames(asset, "duration", source));
      assertEquals(source.firstTimecode(), frames(asset, "start", source));
      List<Element> clips = all(xml, "asset-clip");
      long offset = 0;
      for (int i = 0; i < clips.size(); i++) {
        HandoverClip clip = timeline.clips().get(i);
        assertEquals(offset, frames(clips.get(i), "offset", source), "seed " + seed);
        long start = source.firstTimecode() + clip.fromFrame();
        assertEquals(start, frames(clips.get(i), "start", source), "seed " + seed);
        assertEquals(clip.frames(), frames(clips.get(i), "duration", source), "seed " + seed);
        assertEquals(asset.getAttribute("id"), clips.get(i).getAttribute("ref"));
        offset += clip.frames();
      }
      assertEquals(offset, frames(only(xml, "sequence"), "duration", source), "seed " + seed);
      assertEquals(
          timeline.clips().stream().mapToLong(c -> c.markers().size()).sum(),
          all(xml, "marker").size());
      FcpXmlRules.check(xml);
    }
  }

  @Test
  void theSoundThatIsHeardIsTheOneThatWasChosen() throws Exception {
    HandoverSource source =
        new HandoverSource(
            "two.mp4",
            "file:///two.mp4",
            FrameRate.FPS_25,
            500,
            0,
            false,
            1920,
            1080,
            2,
            48_000,
            1,
            3);
    Cut cut = new Cut("x", new TimeSpan(0, 5_000_000), "", List.of());
    HandoverTimeline timeline = HandoverTimeline.of("t", source, List.of(cut));

    Document fcp = parsed(FcpXml.write(timeline));
    assertEquals("2, 3", only(fcp, "audio-channel-source").getAttribute("srcCh"));
    assertEquals("3", only(fcp, "asset").getAttribute("audioChannels"));
    List<Element> tracks = all(parsed(FinalCut7Xml.write(timeline)), "sourcetrack");
    assertEquals(List.of(2L, 3L), tracks.stream().map(e -> number(e, "trackindex")).toList());
  }

  /** A whole number of frames, or the test fails. */
  private static long frames(Element element, String attribute, HandoverSource source) {
    Matcher time = Pattern.compile("(\\d+)(?:/(\\d+))?s").matcher(element.getAttribute(attribute));
    assertTrue(time.matches(), element.getAttribute(attribute));
    BigInteger over = new BigInteger(time.group(2) == null ? "1" : time.group(2));
    BigInteger[] frames =
        new BigInteger(time.group(1))
            .multiply(BigInteger.valueOf(source.rate().numerator()))
            .divideAndRemainder(over.multiply(BigInteger.valueOf(source.rate().denominator())));
    assertEquals(BigInteger.ZERO, frames[1], time.group());
    return frames[0].longValueExact();
  }

  @Test
  void finalCut7XmlHoldsTheSameFrames() throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      HandoverTimeline timeline = timeline(seed);
      HandoverSource source = timeline.source();
      Document xml = parsed(FinalCut7Xml.write(timeline));
      int tracks = (source.hasPicture() ? 1 : 0) + source.soundChannels();
      List<Element> items = all(xml, "clipitem");
      assertEquals(tracks * timeline.clips().size(), items.size(), "seed " + seed);
      assertEquals(items.size(), items.stream().map(e -> e.getAttribute("id")).distinct().count());
      long start = 0;
      for (int i = 0; i < timeline.clips().size(); i++) {
        HandoverClip clip = timeline.clips().get(i);
        assertEquals(start, number(items.get(i), "start"));
        assertEquals(start + clip.frames(), number(items.get(i), "end"));
        assertEquals(clip.fromFrame(), number(items.get(i), "in"));
        assertEquals(clip.toFrame(), number(items.get(i), "out"));
        start += clip.frames();
      }
      assertEquals(1, all(xml, "pathurl").size(), "the file is described once");
      String ntsc = source.rate().denominator() == 1001 ? "TRUE" : "FALSE";
      assertTrue(all(xml, "ntsc").stream().allMatch(e -> e.getTextContent().equals(ntsc)));
    }
  }

  private static long number(Element element, String child) {
    return Long.parseLong(element.getElementsByTagName(child).item(0).getTextContent());
  }

  @Test
  void editDecisionListHoldsTheSameTimecodes() {
    Pattern event =
        Pattern.compile(
            "(\\d{3})  AX       (\\S+) +C        (\\S{11}) (\\S{11}) (\\S{11}) (\\S{11})");
    for (long seed = 0; seed < 200; seed++) {
      HandoverTimeline timeline = timeline(seed);
      Timecode timecode = timeline.source().timecode();
      String edl = CmxEdl.write(timeline);
      List<Matcher> events = edl.lines().map(event::matcher).filter(Matcher::matches).toList();
      assertEquals(timeline.clips().size(), events.size(), edl);
      long record = timecode.parse(timecode.isDropFrame() ? "01:00:00;00" : "01:00:00:00");
      for (int i = 0; i < events.size(); i++) {
        HandoverClip clip = timeline.clips().get(i);
        long from = timeline.source().firstTimecode() + clip.fromFrame();
        assertEquals(from, timecode.parse(events.get(i).group(3)), "seed " + seed);
        assertEquals(from + clip.frames(), timecode.parse(events.get(i).group(4)));
        assertEquals(record, timecode.parse(events.get(i).group(5)));
        record += clip.frames();
        assertEquals(record, timecode.parse(events.get(i).group(6)));
      }
      boolean isDrop = edl.contains("\nFCM: DROP FRAME\n");
      assertEquals(timecode.isDropFrame(), isDrop);
      assertTrue(edl.lines().allMatch(l -> l.length() <= 200), edl);
    }
  }

  @Test
  void openTimelineIoHoldsTheSameFrames() {
    HandoverTimeline timeline = timeline(11);
    Json json = JsonReader.read(OpenTimelineIo.write(timeline), 100_000);
    assertEquals("Timeline.1", text(json, "OTIO_SCHEMA"));
    List<Json> tracks =
        json.member("tracks").orElseThrow().member("children").orElseThrow().elements();
    for (Json track : tracks) {
      List<Json> clips = track.member("children").orElseThrow().elements();
      for (int i = 0; i < clips.size(); i++) {
        HandoverClip clip = timeline.clips().get(i);
        assertEquals(clip.name(), text(clips.get(i), "name"));
        Json range = clips.get(i).member("source_range").orElseThrow();
        long first = timeline.source().firstTimecode() + clip.fromFrame();
        assertEquals((double) first, value(range, "start_time"));
        assertEquals((double) clip.frames(), value(range, "duration"));
      }
    }
  }

  private static String text(Json json, String member) {
    return json.member(member).orElseThrow().asText().orElseThrow();
  }

  private static double value(Json range, String time) {
    return range.member(time).orElseThrow().member("value").orElseThrow().asNumber().orElseThrow();
  }

  @Test
  void nothingGoesBeyondTheMedia() {
    HandoverSource source = source(new Random(1));
    HandoverClip beyond = new HandoverClip("x", 0, source.frames() + 1, "", List.of());
    assertThrows(
        IllegalArgumentException.class, () -> new HandoverTimeline("t", source, List.of(beyond)));
    TimeSpan all = new TimeSpan(0, 100L * 3600 * 1_000_000);
    HandoverTimeline held =
        HandoverTimeline.of("t", source, List.of(new Cut("x", all, "", List.of())));
    assertEquals(source.frames(), held.frames());
  }

  @Test
  void addressesAreEncoded() {
    assertEquals("file:///a%20b/%C3%A9%23%25%3A.mp4", HandoverSource.urlOf("/a b/é#%:.mp4"));
    assertEquals("./c%26d.mp4", HandoverSource.urlOf("c&d.mp4"));
  }

  private static HandoverTimeline timeline(long seed) {
    Random random = new Random(seed);
    HandoverSource source = source(random);
    return HandoverTimeline.of(NASTY, source, cuts(random, source));
  }

  private static HandoverSource source(Random random) {
    FrameRate rate = RATES.get(random.nextInt(RATES.size()));
    boolean canDrop = rate.denominator() == 1001 && rate.numerator() != 24_000;
    int sound = random.nextInt(4);
    boolean isSilent = sound == 0;
    boolean hasPicture = isSilent || random.nextInt(5) != 0;
    int before = random.nextInt(3);
    return new HandoverSource(
        NASTY,
        HandoverSource.urlOf("/media/" + NASTY + ".mp4"),
        rate,
        HandoverSource.framesIn(1_000_000 + random.nextLong(7_200_000_000L), rate),
        random.nextBoolean() ? random.nextInt(2_000_000) : 0,
        canDrop && random.nextBoolean(),
        hasPicture ? 1920 : 0,
        hasPicture ? 1080 : 0,
        sound,
        isSilent ? 0 : 48_000,
        before,
        before + sound + random.nextInt(2));
  }

  private static List<Cut> cuts(Random random, HandoverSource source) {
    long lengthUs =
        source.frames() * 1_000_000 * source.rate().denominator() / source.rate().numerator();
    List<Cut> cuts = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      long fromUs = random.nextLong(lengthUs);
      long toUs = fromUs + random.nextLong(100_000_000);
      List<Signal> signals =
          IntStream.range(0, random.nextInt(4))
              .mapToObj(
                  s ->
                      new Signal(
                          SignalKind.LAUGHTER, fromUs + random.nextLong(90_000_000), 0.5, NASTY))
              .toList();
      cuts.add(
          new Cut(NASTY, new TimeSpan(fromUs, toUs), random.nextBoolean() ? NASTY : "", signals));
    }
    return cuts;
  }

  private static Document parsed(String xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    assertFalse(document.getDocumentElement().getTagName().isEmpty());
    return document;
  }

  private static Element only(Document xml, String name) {
    assertEquals(1, all(xml, name).size(), name);
    return all(xml, name).getFirst();
  }

  private static List<Element> all(Document xml, String name) {
    NodeList nodes = xml.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }
}
