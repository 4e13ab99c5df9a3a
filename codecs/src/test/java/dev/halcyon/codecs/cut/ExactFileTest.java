package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.cut.smart.SmartCut;
import dev.halcyon.core.clip.FrameRange;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files for players that ignore edit lists, as the machine's own ffmpeg makes and decodes them. */
class ExactFileTest {
  @TempDir Path folder;

  /** Of an encoder that uses all that it has: several references, pyramids, weights. */
  @Test
  void showsAForeignDecoderAForeignEncodersPicturesWithoutAFault() throws Exception {
    Path source =
        Decoded.source(
            folder, "source.mp4", "-c:v", "libx264", "-bf", "3", "-g", "50", "-c:a", "aac");
    try (Ring ring =
        Ring.create(folder.resolve("ring"), new RingOptions(64 << 20, 3_600_000_000L))) {
      RingCutterTest.fill(ring, SourceMedia.of(source));
      assertSame(ring, 1_230_000, 4_610_000);
      assertSame(ring, 80_000, 5_010_000);
    }
  }

  private void assertSame(Ring ring, long fromUs, long toUs) throws Exception {
    Path clip = folder.resolve("clip.mp4");
    Path exact = folder.resolve("exact.mp4");
    CutRequest window = new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP);
    CutResult sealed = RingCutter.cut(ring, window, clip);
    CutResult made = SmartCut.make(clip, sealed.contract(), exact);
    List<FrameRange> encoded = made.contract().frames().orElseThrow().encoded();
    assertTrue(encoded.size() == 1 || encoded.size() == 2, encoded::toString);
    assertTrue(made.contract().packetsCopied() >= 50, encoded::toString);
    List<Decoded.Frame> wanted = Decoded.frames(clip);
    for (String isIgnored : List.of("0", "1")) {
      List<Decoded.Frame> shown =
          Decoded.frames(exact, "-xerror", "-err_detect", "explode", "-ignore_editlist", isIgnored);
      assertEquals(times(wanted), times(shown));
      for (int i = 0; i < shown.size(); i++) {
        if (!isIn(encoded, i)) {
          assertEquals(wanted.get(i).md5(), shown.get(i).md5(), "picture " + i);
        }
      }
    }
  }

  private static List<Long> times(List<Decoded.Frame> frames) {
    return frames.stream().map(Decoded.Frame::ptsUs).toList();
  }

  private static boolean isIn(List<FrameRange> ranges, int frame) {
    return ranges.stream().anyMatch(range -> frame >= range.start() && frame < range.end());
  }
}
