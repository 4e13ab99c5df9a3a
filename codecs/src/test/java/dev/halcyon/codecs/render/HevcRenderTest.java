package dev.halcyon.codecs.render;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.render.PictureCoding;
import dev.halcyon.core.render.PictureCoding.Preset;
import dev.halcyon.core.render.RenderSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips in H.265: as exact, as reproducible, and in the form that players of Apple's want. */
class HevcRenderTest {
  @TempDir private Path folder;

  @Test
  void chunksOfH265AreExactAndTheSameHoweverTheyAreMade() throws Throwable {
    Path source =
        Renders.card(
            folder, TestCard.builder().size(320, 180).gop(75).bFrames(2).build(), 4_000_000);
    RenderSpec plain = Renders.spec(Renders.WIDE, new TimeSpan(500_000, 3_000_000));
    RenderSpec spec =
        new RenderSpec(
            plain.tools(),
            plain.source(),
            plain.timeline(),
            plain.picture(),
            new PictureCoding(Codec.HEVC, Preset.ULTRAFAST, 20, 30),
            plain.crop(),
            plain.captions(),
            plain.sound());
    assertNoLeak(
        () -> {
          RenderResult first = render(spec, source, "first", 2);
          assertEquals(3, first.chunksEncoded());
          assertEquals(first.sha256(), render(spec, source, "second", 1).sha256());

          Path clip = folder.resolve("first.mp4");
          Verdict verdict = TestCardJudge.judge(clip);
          assertEquals(List.of(), verdict.faults(10_000));
          assertEquals(15, verdict.pictures().orElseThrow().firstFrame());
          assertEquals(75, verdict.pictures().orElseThrow().presentedFrames());
          assertEquals(
              Codec.HEVC,
              FileProbe.probe(clip, ProbeLimits.DEFAULT).picture().orElseThrow().codec());
          byte[] head = new byte[4096];
          System.arraycopy(Files.readAllBytes(clip), 0, head, 0, head.length);
          assertTrue(new String(head, StandardCharsets.ISO_8859_1).contains("hvc1"));

          RenderResult patched =
              render(
                  spec.withCaptions(
                      Renders.captions(CaptionStyle.POP_IN, 500_000, "", "", "", "word")),
                  source,
                  "first",
                  2);
          assertEquals(1, patched.chunksEncoded(), "the word stands in the second second alone");
        });
  }

  private RenderResult render(RenderSpec spec, Path source, String name, int threads)
      throws Exception {
    return new ClipRenderer(threads)
        .render(
            spec,
            source,
            folder.resolve(name + ".mp4"),
            new ChunkFolder(folder.resolve(name), 1L << 30),
            RenderListener.NONE);
  }
}
