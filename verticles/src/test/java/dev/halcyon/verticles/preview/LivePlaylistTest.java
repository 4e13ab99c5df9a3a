package dev.halcyon.verticles.preview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.LiveListing;
import dev.halcyon.codecs.cut.LivePart;
import dev.halcyon.codecs.cut.LiveSegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LivePlaylistTest {
  private static LivePart part(long lengthUs, boolean isIndependent) {
    return new LivePart(
        lengthUs, isIndependent, ByteBuffer.allocate(0), new long[] {8}, new int[] {1});
  }

  /** Two seconds in seven parts. */
  private static LiveSegment segment(long number, int header, boolean isDiscontinuous) {
    List<LivePart> parts =
        IntStream.range(0, 7).mapToObj(i -> part(i < 6 ? 300_000 : 200_000, i == 0)).toList();
    long wallUs = 1_800_000_000_000_000L + number * 2_000_000;
    return new LiveSegment(number, header, isDiscontinuous, number * 2_000_000, wallUs, parts);
  }

  private static LiveListing listing(int count) {
    List<LiveSegment> whole =
        LongStream.range(3, 3 + count).mapToObj(number -> segment(number, 0, false)).toList();
    LiveSegment open =
        new LiveSegment(
            3 + count, 0, false, 0, 1_800_000_000_000_000L, List.of(part(300_000, true)));
    return new LiveListing(2, whole, Optional.of(open), 3 + count);
  }

  @Test
  void namesHeaderSegmentsPartsAndWhatIsToCome() {
    String text = new LivePlaylist(listing(1), "t", false).text("?s", false);
    assertEquals(
        """
        #EXTM3U
        #EXT-X-VERSION:9
        #EXT-X-TARGETDURATION:6
        #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.000,CAN-SKIP-UNTIL=36.000
        #EXT-X-PART-INF:PART-TARGET=0.300
        #EXT-X-MEDIA-SEQUENCE:3
        #EXT-X-DISCONTINUITY-SEQUENCE:2
        #EXT-X-MAP:URI="init-t-0.mp4?s"
        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:06.000Z
        #EXT-X-PART:DURATION=0.30000,URI="t-3.0.m4s?s",INDEPENDENT=YES
        #EXT-X-PART:DURATION=0.30000,URI="t-3.1.m4s?s"
        #EXT-X-PART:DURATION=0.30000,URI="t-3.2.m4s?s"
        #EXT-X-PART:DURATION=0.30000,URI="t-3.3.m4s?s"
        #EXT-X-PART:DURATION=0.30000,URI="t-3.4.m4s?s"
        #EXT-X-PART:DURATION=0.30000,URI="t-3.5.m4s?s"
        #EXT-X-PART:DURATION=0.20000,URI="t-3.6.m4s?s"
        #EXTINF:2.00000,
        t-3.m4s?s
        #EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:00.000Z
        #EXT-X-PART:DURATION=0.30000,URI="t-4.0.m4s?s",INDEPENDENT=YES
        #EXT-X-PRELOAD-HINT:TYPE=PART,URI="t-4.1.m4s?s"
        """,
        text);
  }

  @Test
  void partsAreNamedOfTheNewestSegmentsOnlyAndOldOnesAreLeftOutOfUpdates() {
    LivePlaylist playlist = new LivePlaylist(listing(60), "t", false);
    String all = playlist.text("", false);
    assertTrue(all.contains("\nt-3.m4s\n"), all);
    assertFalse(all.contains("URI=\"t-3.0.m4s\""), all);
    assertTrue(all.contains("URI=\"t-62.0.m4s\""), all);
    String update = playlist.text("", true);
    assertTrue(update.contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=43\n"), update);
    assertFalse(update.contains("\nt-45.m4s\n"), update);
    assertTrue(update.contains("\nt-46.m4s\n"), update);
    assertEquals(
        all.lines().filter(line -> line.startsWith("#EXTINF")).count(),
        43 + update.lines().filter(line -> line.startsWith("#EXTINF")).count());
  }

  @Test
  void whatDoesNotGoOnSaysSoAndAnEndedListIsEnded() {
    LiveListing listing =
        new LiveListing(0, List.of(segment(0, 0, false), segment(1, 1, true)), Optional.empty(), 2);
    String text = new LivePlaylist(listing, "t", true).text("", false);
    assertTrue(
        text.contains("t-0.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"init-t-1.mp4\"\n"), text);
    assertTrue(text.endsWith("t-1.m4s\n#EXT-X-ENDLIST\n"), text);
  }

  @Test
  void knowsWhatIsThereAndWhatIsNotAboutToCome() {
    LivePlaylist playlist = new LivePlaylist(listing(1), "t", false);
    assertTrue(playlist.has(3, -1) && playlist.has(3, 99) && playlist.has(4, 0));
    assertFalse(playlist.has(4, -1) || playlist.has(4, 1) || playlist.has(5, 0));
    assertFalse(playlist.isFar(5));
    assertTrue(playlist.isFar(6));
  }
}
