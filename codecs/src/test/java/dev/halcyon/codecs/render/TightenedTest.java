package dev.halcyon.codecs.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.codecs.video.PictureFinder;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.render.Captions;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.PictureGrid;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.tighten.TightPlanner;
import dev.halcyon.core.tighten.TightenInput;
import dev.halcyon.core.tighten.TightenOptions;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A talk with pauses and fillers, rendered without them: pictures, sound and words in step. */
class TightenedTest {
  private static final PictureForm FORM = new PictureForm(320, 180, FrameRate.FPS_29_97);

  /** Between pictures, as sentences are. */
  private static final TimeSpan WINDOW = new TimeSpan(1_001_000, 9_543_210);

  /** No join comes upon one of the card's markers, which sound each tenth of a second. */
  private static final Transcript SAID =
      new Transcript(
          "en",
          List.of(
              Word.of("Well", 1_100_000, 1_600_000),
              Word.of("um", 1_700_000, 2_140_000),
              Word.of("this", 2_250_000, 2_950_000),
              Word.of("works", 4_780_000, 5_450_000),
              Word.of("uh", 5_450_000, 5_900_000),
              Word.of("now", 8_080_000, 9_500_000)));

  @TempDir private Path folder;

  @Test
  void picturesSoundAndWordsStayInStep() throws Exception {
    TestCard card =
        TestCard.builder().size(320, 180).frameRate(FORM.frameRate()).gop(75).bFrames(2).build();
    Path source = Renders.card(folder, card, 10_000_000);
    PictureGrid grid = new PictureGrid(FORM.frameRate().usOfTick(30), FORM.frameRate());
    RenderTimeline timeline =
        TightPlanner.plan(
            new TightenInput(SAID, List.of(), List.of(), List.of()),
            WINDOW,
            grid,
            TightenOptions.USUAL);
    assertEquals(4, timeline.parts().size(), timeline::toString);
    RenderSpec bare = Renders.spec(FORM, timeline.parts().toArray(TimeSpan[]::new));
    Path plain = folder.resolve("plain.mp4");
    render(bare, source, plain);

    Verdict verdict = TestCardJudge.judge(plain);
    Verdict.Pictures seen = verdict.pictures().orElseThrow();
    assertTrue(verdict.skew().orElseThrow().maxAbsUs() <= 10_000, verdict::toString);
    assertTrue(verdict.skew().orElseThrow().markers() > 30, verdict::toString);
    assertEquals(List.of(), seen.repeated(), "no picture is shown twice at a join");
    List<Integer> shown =
        IntStream.rangeClosed(seen.firstFrame(), seen.lastFrame())
            .filter(frame -> !seen.missing().contains(frame))
            .boxed()
            .toList();
    assertEquals(shown.size(), seen.presentedFrames());

    Path captioned = folder.resolve("captioned.mp4");
    render(bare.withCaptions(captions(timeline)), source, captioned);
    assertEquals(spoken(shown), captioned(plain, captioned, shown));
  }

  /** The pictures of the source at whose beginning a word is said that is no filler. */
  private static List<Integer> spoken(List<Integer> shown) {
    return shown.stream()
        .filter(
            frame ->
                SAID.words().stream()
                    .anyMatch(
                        word ->
                            word.text().length() > 2
                                && word.span().contains(FORM.frameRate().usOfTick(frame))))
        .toList();
  }

  private static long middleUs(int frame) {
    return (FORM.frameRate().usOfTick(frame) + FORM.frameRate().usOfTick(frame + 1)) / 2;
  }

  /** The pictures of the source over which something is written. */
  private static List<Integer> captioned(Path plain, Path captioned, List<Integer> shown) {
    List<Integer> written = new ArrayList<>();
    try (PictureFinder with = PictureFinder.open(captioned, Integer.MAX_VALUE);
        PictureFinder without = PictureFinder.open(plain, Integer.MAX_VALUE)) {
      for (int n = 0; n < shown.size(); n++) {
        long atUs = middleUs(n);
        if (Renders.changed(with.at(atUs).frame(), without.at(atUs).frame()) > 0.01) {
          written.add(shown.get(n));
        }
      }
    }
    return written;
  }

  private void render(RenderSpec spec, Path source, Path target) throws Exception {
    Files.deleteIfExists(target);
    new ClipRenderer(2).render(spec, source, target, Renders.folder(folder), RenderListener.NONE);
  }

  /** Each word alone, as long as it is heard and no longer. */
  private static Captions captions(RenderTimeline timeline) {
    List<CaptionLine> lines =
        timeline.heard(SAID).words().stream()
            .filter(word -> word.text().length() > 2)
            .map(TightenedTest::line)
            .toList();
    return new Captions(new CaptionTrack(CaptionStyle.HIGHLIGHT_WORD, lines), SafeArea.PLAIN);
  }

  private static CaptionLine line(Word word) {
    return new CaptionLine(
        word.span(),
        List.of(new CaptionWord(word.text(), word.span(), 0, false, Optional.empty())));
  }
}
