package dev.halcyon.verticles.ingest.pull;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Master;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Media;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Part;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Segment;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HlsParserTest {
  private static final URI BASE = URI.create("https://cdn.test/live/index.m3u8?token=a");
  private static final String MEDIA =
      """
      #EXTM3U
      #EXT-X-VERSION:7
      #EXT-X-TARGETDURATION:4
      #EXT-X-MEDIA-SEQUENCE:41
      #EXT-X-MAP:URI="init.mp4",BYTERANGE="720@0"
      #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.250+01:00
      #EXTINF:4.004,a title
      a.m4s
      # a remark
      #EXTINF:3.5
      #EXT-X-KEY:METHOD=AES-128,URI="https://keys.test/1",IV=0x0102
      #EXT-X-BYTERANGE:100@50
      /b.m4s?x=1

      #EXTINF:2,
      #EXT-X-BYTERANGE:10
      /b.m4s?x=1
      #EXT-X-DISCONTINUITY
      #EXT-X-KEY:METHOD=NONE
      #EXT-X-GAP
      #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05+0000
      #EXTINF:1.
      http://other.test/c.m4s
      #EXT-X-ENDLIST
      """;

  private static HlsPlaylist parse(String text) {
    return HlsParser.parse(text, BASE);
  }

  @Test
  void readsWhatSegmentsAre() {
    Media media = assertInstanceOf(Media.class, parse(MEDIA));
    assertEquals(4_000_000, media.targetUs());
    assertEquals(41, media.firstSequence());
    assertEquals(45, media.endSequence());
    assertTrue(media.isEnded());
    Segment first = media.segment(41);
    assertEquals(new Part(URI.create("https://cdn.test/live/a.m4s"), 0, -1), first.part());
    assertEquals(4_004_000, first.durationUs());
    assertEquals(
        Optional.of(new Part(URI.create("https://cdn.test/live/init.mp4"), 0, 720)), first.head());
    assertEquals(OptionalLong.of(1_767_319_445_250_000L), first.madeAtUs());
    assertTrue(first.key().isEmpty());
    Segment second = media.segment(42);
    URI shared = URI.create("https://cdn.test/b.m4s?x=1");
    assertEquals(new Part(shared, 50, 100), second.part());
    assertEquals(URI.create("https://keys.test/1"), second.key().orElseThrow().uri());
    byte[] iv = HexFormat.of().parseHex("00000000000000000000000000000102");
    assertArrayEquals(iv, second.key().orElseThrow().iv().orElseThrow());
    assertEquals(OptionalLong.of(1_767_319_449_254_000L), second.madeAtUs());
    assertEquals(new Part(shared, 150, 10), media.segment(43).part());
    Segment last = media.segment(44);
    assertTrue(last.isDiscontinuity() && last.isGap() && last.key().isEmpty());
    assertFalse(media.segment(43).isDiscontinuity());
    assertEquals(OptionalLong.of(1_767_323_045_000_000L), last.madeAtUs());
  }

  @Test
  void takesTheBestVariantWithinLimits() {
    Master master =
        assertInstanceOf(
            Master.class,
            parse(
                """
                #EXTM3U
                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="snd",NAME="x",URI="snd.m3u8"
                #EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2"
                low.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080,AUDIO="snd"
                mid.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=15000000,RESOLUTION=3840x2160,AUDIO="within"
                high.m3u8
                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="within",NAME="y"
                """));
    assertEquals(3, master.variants().size());
    assertTrue(master.best(1080, 20_000_000).uri().getPath().endsWith("mid.m3u8"));
    assertTrue(master.best(1080, 20_000_000).isSoundApart());
    assertTrue(master.best(2160, 20_000_000).uri().getPath().endsWith("high.m3u8"));
    assertFalse(master.best(2160, 20_000_000).isSoundApart());
    assertTrue(master.best(2160, 1_000_000).uri().getPath().endsWith("low.m3u8"));
    assertTrue(master.best(100, 100).uri().getPath().endsWith("low.m3u8"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "#EXTM3U\na.ts",
        "#EXTM3U\n#EXTINF:x,\na.ts",
        "#EXTM3U\n#EXTINF:-1,\na.ts",
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:99999999999999999999\n#EXTINF:1,\na.ts",
        "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:0@0\na.ts",
        "#EXTM3U\n#EXTINF:1,\nhttp://[bad\n",
        "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128\n#EXTINF:1,\na.ts",
        "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0xzz\n#EXTINF:1,\na.ts",
        "#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:yesterday\n#EXTINF:1,\na.ts",
      })
  void refusesWhatIsNoPlaylist(String text) {
    HalcyonException refused = assertThrows(HalcyonException.class, () -> parse(text));
    assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
  }

  @Test
  void saysThatAStreamIsProtected() {
    String text = "#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://x\"\n#EXTINF:1,\na.ts";
    HalcyonException refused = assertThrows(HalcyonException.class, () -> parse(text));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, refused.code());
  }

  @Test
  void refusesALineThatNoPlaylistHas() {
    String text = "#EXTM3U\n#EXT-X-MEDIA:" + "A".repeat(1 << 20) + "\n#EXTINF:1,\na.ts";
    HalcyonException refused = assertThrows(HalcyonException.class, () -> parse(text));
    assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
  }

  /** In steps for each character before in the line, this would take minutes. */
  @ParameterizedTest
  @ValueSource(strings = {"A", "A=", "A= ", " ", "A=\"", "A=\",", "A=a,", ","})
  void readsLongAttributesOnce(String part) {
    String tag = "#EXT-X-MEDIA:" + part.repeat(16_000 / part.length()) + "\"\n";
    String text = "#EXTM3U\n" + tag.repeat(256) + "#EXTINF:1,\na.ts";
    HlsPlaylist read = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> parse(text));
    assertEquals(1, assertInstanceOf(Media.class, read).endSequence());
  }

  /** Only ever an answer or its own error, whatever is changed in a playlist. */
  @Test
  void bearsAnyBytes() {
    Random random = new Random(11);
    int understood = 0;
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder(MEDIA);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = 8 + random.nextInt(text.length() - 8);
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(0x250));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
          default -> text.insert(at, MEDIA, random.nextInt(100), 100 + random.nextInt(200));
        }
        if (text.length() < 20) {
          break;
        }
      }
      try {
        parse(text.toString());
        understood++;
      } catch (HalcyonException refused) {
        assertTrue(
            refused.code() == ErrorCode.CORRUPT_MEDIA
                || refused.code() == ErrorCode.UNSUPPORTED_MEDIA);
      }
    }
    assertTrue(understood > 100, "nothing was understood");
  }
}
