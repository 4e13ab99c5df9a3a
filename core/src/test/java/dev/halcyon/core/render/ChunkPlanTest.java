package dev.halcyon.core.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.reframe.Aspect;
import dev.halcyon.core.reframe.CropCamera;
import dev.halcyon.core.reframe.CropKey;
import dev.halcyon.core.reframe.CropLayout;
import dev.halcyon.core.reframe.CropPath;
import dev.halcyon.core.reframe.CropShot;
import dev.halcyon.core.render.RenderSource.Scan;
import dev.halcyon.core.render.SoundForm.Denoise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What names a render and its chunks. */
class ChunkPlanTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final PictureForm FORM = new PictureForm(360, 640, FrameRate.FPS_30);
  private static final TimeSpan WINDOW = new TimeSpan(10_000_000, 20_000_000);

  private static RenderSpec spec(RenderTimeline timeline, Captions captions, CropKey... keys) {
    return new RenderSpec(
        "tools 1",
        new RenderSource(HASH, 0, 0, Scan.PROGRESSIVE, OptionalInt.of(1)),
        timeline,
        FORM,
        PictureCoding.usual(FORM),
        new CropPath(
            Aspect.VERTICAL,
            List.of(
                new CropShot(
                    new TimeSpan(0, 60_000_000),
                    CropLayout.SINGLE,
                    List.of(new CropCamera(0.316, List.of(keys))),
                    "test"))),
        captions,
        SoundForm.USUAL);
  }

  private static RenderSpec spec(Captions captions) {
    return spec(RenderTimeline.of(WINDOW), captions, new CropKey(0, 0.5, 0.5, 1));
  }

  /** One line a second, one word each. */
  private static Captions captions(String... words) {
    List<CaptionLine> lines = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      TimeSpan span = new TimeSpan(i * 1_000_000L, i * 1_000_000L + 900_000);
      lines.add(
          new CaptionLine(
              span, List.of(new CaptionWord(words[i], span, 0, false, Optional.empty()))));
    }
    return new Captions(new CaptionTrack(CaptionStyle.HIGHLIGHT_WORD, lines), SafeArea.PLAIN);
  }

  private static List<Integer> changed(RenderSpec before, RenderSpec after) {
    List<RenderChunk> a = ChunkPlan.of(before).chunks();
    List<RenderChunk> b = ChunkPlan.of(after).chunks();
    assertEquals(a.size(), b.size());
    return IntStream.range(0, a.size()).filter(i -> !a.get(i).equals(b.get(i))).boxed().toList();
  }

  @Test
  void coversEachPictureOnceInChunksOfOneKeyframe() {
    ChunkPlan plan = ChunkPlan.of(spec(Captions.NONE));
    assertEquals(300, plan.spec().frames());
    assertEquals(5, plan.chunks().size());
    int next = 0;
    for (RenderChunk chunk : plan.chunks()) {
      assertEquals(next, chunk.fromFrame());
      next = chunk.toFrame();
    }
    assertEquals(300, next);
  }

  @Test
  void aChangedWordChangesTheChunksThatShowItAndNoOther() {
    // Seconds 6 to 6.9 lie in the fourth chunk of two seconds.
    RenderSpec before = spec(captions("a", "b", "c", "d", "e", "f", "g", "h"));
    RenderSpec after = spec(captions("a", "b", "c", "d", "e", "f", "G", "h"));
    assertEquals(List.of(3), changed(before, after));
    assertNotEquals(before.sha256(), after.sha256());
    assertEquals(before.soundKey(), after.soundKey());
  }

  @Test
  void aMovedCameraChangesWhereItMoves() {
    RenderSpec still = spec(Captions.NONE);
    RenderSpec moving =
        spec(
            RenderTimeline.of(WINDOW),
            Captions.NONE,
            new CropKey(0, 0.5, 0.5, 1),
            new CropKey(16_000_000, 0.5, 0.5, 1),
            new CropKey(19_000_000, 0.6, 0.5, 1));
    // A camera that moves anywhere in a shot is resampled in all of it.
    assertEquals(List.of(0, 1, 2, 3, 4), changed(still, moving));
    RenderSpec further =
        spec(
            RenderTimeline.of(WINDOW),
            Captions.NONE,
            new CropKey(0, 0.5, 0.5, 1),
            new CropKey(16_000_000, 0.5, 0.5, 1),
            new CropKey(19_000_000, 0.7, 0.5, 1));
    assertEquals(List.of(3, 4), changed(moving, further));
  }

  @Test
  void aLaterEndLeavesTheBeginning() {
    RenderSpec shorter = spec(Captions.NONE);
    RenderSpec longer =
        spec(
            RenderTimeline.of(new TimeSpan(10_000_000, 22_000_000)),
            Captions.NONE,
            new CropKey(0, 0.5, 0.5, 1));
    assertEquals(
        ChunkPlan.of(shorter).chunks().subList(0, 4), ChunkPlan.of(longer).chunks().subList(0, 4));
    assertNotEquals(shorter.soundKey(), longer.soundKey());
  }

  @Test
  void eachPartOfASpecIsInItsName() {
    RenderSpec spec = spec(captions("a"));
    assertEquals(spec.sha256(), spec(captions("a")).sha256());
    assertEquals(64, spec.sha256().length());
    for (RenderSpec other :
        List.of(
            spec.withTools("tools 2"),
            spec.withCaptions(Captions.NONE),
            new RenderSpec(
                spec.tools(),
                spec.source().withSound(OptionalInt.of(2)),
                spec.timeline(),
                spec.picture(),
                spec.coding(),
                spec.crop(),
                spec.captions(),
                spec.sound()),
            new RenderSpec(
                spec.tools(),
                spec.source(),
                spec.timeline(),
                spec.picture(),
                spec.coding(),
                spec.crop(),
                spec.captions(),
                SoundForm.USUAL.withDenoise(Denoise.SPECTRAL)))) {
      assertNotEquals(spec.sha256(), other.sha256());
    }
    assertTrue(spec.canonicalText().startsWith(SpecText.VERSION + "\n"));
  }

  @Test
  void noTextOfAWordPassesForAnotherLine() {
    RenderSpec one = spec(captions("a\" 0 false\nemoji \"\""));
    assertFalse(one.canonicalText().lines().anyMatch("emoji \"\"\" 0 false"::equals));
    assertEquals(
        spec(captions("a")).canonicalText().lines().count(), one.canonicalText().lines().count());
  }

  @Test
  void partsFollowEachOther() {
    RenderTimeline timeline =
        new RenderTimeline(
            List.of(new TimeSpan(1_000_000, 2_000_000), new TimeSpan(5_000_000, 5_500_000)));
    assertEquals(1_500_000, timeline.lengthUs());
    assertEquals(0, timeline.partAt(999_999));
    assertEquals(1, timeline.partAt(1_000_000));
    assertEquals(1, timeline.partAt(9_000_000));
    assertEquals(1_000_000, timeline.startUs(1));
    assertEquals(0, timeline.clipUs(0));
    assertEquals(500_000, timeline.clipUs(1_500_000));
    assertEquals(1_000_000, timeline.clipUs(3_000_000), "taken out");
    assertEquals(1_200_000, timeline.clipUs(5_200_000));
    assertEquals(1_500_000, timeline.clipUs(9_000_000));
    RenderSpec spec = spec(timeline, Captions.NONE, new CropKey(0, 0.5, 0.5, 1));
    assertEquals(45, spec.frames());
    FramePlan last = ChunkPlan.of(spec).frame(44);
    assertEquals(5_483_333, last.mediaUs());
    assertThrows(
        IllegalArgumentException.class,
        () -> new RenderTimeline(List.of(new TimeSpan(2, 3), new TimeSpan(1, 2))));
  }
}
