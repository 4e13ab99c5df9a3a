package dev.halcyon.codecs.render;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.codecs.video.PictureFinder;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.render.ChunkPlan;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSource.Scan;
import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renders of test cards, judged by what they show and sound. */
class ClipRendererTest {
  private static final long MAX_SKEW_US = 10_000;

  @TempDir Path folder;

  private Path target() {
    return folder.resolve("clip.mp4");
  }

  private RenderResult render(RenderSpec spec, Path source) throws IOException {
    return new ClipRenderer(2)
        .render(spec, source, target(), Renders.folder(folder), RenderListener.NONE);
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(75).bFrames(2);
  }

  @Test
  void cutsToTheFrameWithTheSoundInStep() throws Throwable {
    Path source = Renders.card(folder, card().build(), 8_000_000);
    RenderSpec spec = Renders.spec(Renders.WIDE, new TimeSpan(2_033_333, 5_033_333));
    assertNoLeak(
        () -> {
          RenderResult result = render(spec, source);
          assertEquals(90, result.frames());
          assertEquals(3, result.chunksEncoded());
          Verdict verdict = TestCardJudge.judge(target());
          assertEquals(List.of(), verdict.faults(MAX_SKEW_US));
          assertEquals(61, verdict.pictures().orElseThrow().firstFrame());
          assertEquals(150, verdict.pictures().orElseThrow().lastFrame());
          assertEquals(90, verdict.pictures().orElseThrow().presentedFrames());
          long soundEndUs = verdict.sound().orElseThrow().endUs();
          assertTrue(Math.abs(soundEndUs - 3_000_000) < 25_000, "sound ends at " + soundEndUs);
          assertEquals(-14, result.integratedLufs().orElseThrow(), 0.5);
          assertTrue(result.truePeakDbtp().orElseThrow() <= -1, result::toString);
        });
  }

  @Test
  void beginsWithTheFirstPictureOfTheWindow() throws IOException {
    Path source = Renders.card(folder, card().build(), 4_000_000);
    // Picture 60 begins before, at 2 s; the next stands a little longer instead.
    render(Renders.spec(Renders.WIDE, new TimeSpan(2_010_000, 3_010_000)), source);
    Verdict.Pictures seen = TestCardJudge.judge(target()).pictures().orElseThrow();
    assertEquals(61, seen.firstFrame());
    assertEquals(List.of(61), seen.repeated());
    assertEquals(List.of(), seen.missing());
  }

  @Test
  void keepsPicturesAndSoundInStepWhereSomethingIsTakenOut() throws IOException {
    Path source = Renders.card(folder, card().build(), 12_000_000);
    RenderSpec spec =
        Renders.spec(
            Renders.WIDE,
            new TimeSpan(1_000_000, 3_000_000),
            new TimeSpan(5_000_000, 5_500_000),
            new TimeSpan(9_000_000, 11_000_000));
    render(spec, source);
    Verdict verdict = TestCardJudge.judge(target());
    Verdict.Pictures seen = verdict.pictures().orElseThrow();
    assertEquals(135, seen.presentedFrames());
    assertEquals(30, seen.firstFrame());
    assertEquals(329, seen.lastFrame());
    assertEquals(60 + 105, seen.missing().size(), "what was taken out, and no more");
    assertEquals(List.of(), seen.repeated());
    assertTrue(verdict.skew().orElseThrow().maxAbsUs() <= MAX_SKEW_US, verdict::toString);
    assertTrue(verdict.skew().orElseThrow().markers() > 20, verdict::toString);
  }

  @Test
  void aChangedWordCostsOneChunkAndGivesTheSameFileAsAFreshRender() throws Throwable {
    Path source = Renders.card(folder, card().build(), 7_000_000);
    RenderSpec plain = Renders.spec(Renders.WIDE, new TimeSpan(500_000, 6_500_000));
    RenderSpec before =
        plain.withCaptions(
            Renders.captions(CaptionStyle.POP_IN, 750_000, "one", "two", "three", "", "five"));
    RenderSpec after =
        plain.withCaptions(
            Renders.captions(CaptionStyle.POP_IN, 750_000, "one", "two", "seven", "", "five"));
    assertNoLeak(
        () -> {
          RenderResult first = render(before, source);
          assertEquals(6, first.chunksEncoded());
          // The third word stands from 1.5 s to 2.25 s: in the second and the third second.
          RenderResult patched = render(after, source);
          assertEquals(2, patched.chunksEncoded());
          assertFalse(first.sha256().equals(patched.sha256()));
          RenderResult fresh =
              new ClipRenderer(1)
                  .render(
                      after,
                      source,
                      folder.resolve("fresh.mp4"),
                      new ChunkFolder(folder.resolve("other"), 1L << 30),
                      RenderListener.NONE);
          assertEquals(6, fresh.chunksEncoded());
          assertEquals(fresh.sha256(), patched.sha256());
          assertEquals(0, render(before, source).chunksEncoded());
        });
  }

  @Test
  void aDamagedChunkIsMadeAgainAndTheFolderStaysBounded() throws IOException {
    Path source = Renders.card(folder, card().build(), 3_000_000);
    RenderSpec spec = Renders.spec(Renders.WIDE, new TimeSpan(0, 2_000_000));
    RenderResult first = render(spec, source);
    Path chunk =
        folder.resolve("chunks").resolve(ChunkPlan.of(spec).chunks().get(1).key() + ".chunk");
    byte[] bytes = Files.readAllBytes(chunk);
    bytes[bytes.length / 2] ^= 1;
    Files.write(chunk, bytes);
    RenderResult again = render(spec, source);
    assertEquals(1, again.chunksEncoded());
    assertEquals(first.sha256(), again.sha256());
    new ChunkFolder(folder.resolve("chunks"), bytes.length).trim();
    try (Stream<Path> left = Files.list(folder.resolve("chunks"))) {
      assertTrue(left.mapToLong(file -> file.toFile().length()).sum() <= bytes.length);
    }
    assertEquals(first.sha256(), render(spec, source).sha256());
  }

  @Test
  void captionsStandOnTheirPicturesAndNoOther() throws IOException {
    Path source = Renders.card(folder, card().build(), 4_000_000);
    RenderSpec plain =
        Renders.spec(new PictureForm(640, 360, FrameRate.FPS_30), new TimeSpan(0, 3_000_000));
    render(plain, source);
    Path bare = folder.resolve("bare.mp4");
    Files.move(target(), bare);
    render(
        plain.withCaptions(
            Renders.captions(CaptionStyle.HIGHLIGHT_WORD, 1_000_000, "", "Halcyon", "")),
        source);
    try (PictureFinder with = PictureFinder.open(target(), Integer.MAX_VALUE);
        PictureFinder without = PictureFinder.open(bare, Integer.MAX_VALUE)) {
      for (int frame = 0; frame < 90; frame++) {
        long us = FrameRate.FPS_30.usOfTick(frame) + 10_000;
        double changed = Renders.changed(with.at(us).frame(), without.at(us).frame());
        boolean isCaptioned = frame >= 30 && frame < 60;
        int number = frame;
        assertEquals(isCaptioned, changed > 0.01, () -> "picture " + number + ": " + changed);
      }
    }
  }

  @Test
  void takesSourcesOfManyShapes() throws IOException {
    for (CardShape shape :
        List.of(
            CardShape.H264_MILLISECONDS,
            CardShape.H264_OPEN_GOP,
            CardShape.H264_FIELDS,
            CardShape.H264_RESIZED,
            CardShape.H264_LATE_SOUND,
            CardShape.H264_SLOW_SOUND,
            CardShape.H264_ALONE,
            CardShape.HEVC_REORDERED,
            CardShape.VP9)) {
      TestCard card = shape.card();
      Path source = Renders.card(folder, card, 5_000_000);
      FrameRate rate = card.video().orElseThrow().frameRate();
      RenderSpec spec =
          Renders.spec(new PictureForm(384, 216, rate), new TimeSpan(1_000_000, 3_500_000));
      OptionalInt sound = card.audio().isPresent() ? OptionalInt.of(1) : OptionalInt.empty();
      Scan scan = shape.name().contains("FIELDS") ? Scan.INTERLACED : Scan.PROGRESSIVE;
      render(Renders.withSource(spec, new RenderSource(Renders.HASH, 0, 0, scan, sound)), source);
      Verdict verdict = TestCardJudge.judge(target());
      assertEquals(List.of(), verdict.faults(MAX_SKEW_US), shape::name);
      assertEquals(spec.frames(), verdict.pictures().orElseThrow().presentedFrames(), shape::name);
      assertEquals(sound.isPresent(), verdict.sound().isPresent(), shape::name);
    }
  }

  /** In open GOPs some pictures before a keyframe need it, and some behind it in the file. */
  @Test
  void aPictureIsTheSameWhereverDecodingBegan() throws IOException {
    for (CardShape shape : List.of(CardShape.H264_OPEN_GOP, CardShape.HEVC_REORDERED)) {
      Path source = Renders.card(folder, shape.card(), 5_000_000);
      FrameRate rate = shape.card().video().orElseThrow().frameRate();
      PictureForm form = new PictureForm(384, 216, rate);
      RenderSpec spec = Renders.spec(form, new TimeSpan(0, 4_000_000));
      RenderSpec silent =
          Renders.withSource(
              spec, new RenderSource(Renders.HASH, 0, 0, Scan.PROGRESSIVE, OptionalInt.empty()));
      String whole = rendered(silent, source, 1);
      // Each worker begins somewhere else: in the middle of a GOP, or right before a keyframe.
      for (int threads = 2; threads <= 4; threads++) {
        assertEquals(whole, rendered(silent, source, threads), shape + " by " + threads);
      }
    }
  }

  /** In a folder of its own, where nothing is found. */
  private String rendered(RenderSpec spec, Path source, int threads) throws IOException {
    Path chunks = Files.createTempDirectory(folder, "fresh");
    return new ClipRenderer(threads)
        .render(spec, source, target(), new ChunkFolder(chunks, 1L << 30), RenderListener.NONE)
        .sha256();
  }

  @Test
  void variableRatesComeOutConstant() throws IOException {
    TestCard card = CardShape.H264_VARIABLE_RATE.card();
    Path source = Renders.card(folder, card, 5_000_000);
    render(Renders.spec(Renders.WIDE, new TimeSpan(1_000_000, 4_000_000)), source);
    Verdict verdict = TestCardJudge.judge(target());
    Verdict.Pictures seen = verdict.pictures().orElseThrow();
    assertEquals(90, seen.presentedFrames());
    assertEquals(List.of(), seen.missing());
    assertFalse(seen.repeated().isEmpty(), "long pictures are shown again");
    assertTrue(verdict.skew().orElseThrow().maxAbsUs() <= 17_000, verdict::toString);
  }

  @Test
  void endsSoonWhenItIsInterrupted() throws Exception {
    Path source = Renders.card(folder, card().build(), 10_000_000);
    RenderSpec spec =
        Renders.spec(new PictureForm(1280, 720, FrameRate.FPS_60), new TimeSpan(0, 10_000_000));
    CountDownLatch isBegun = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () ->
                    thrown.set(
                        assertThrows(
                            HalcyonException.class,
                            () ->
                                new ClipRenderer(2)
                                    .render(
                                        spec,
                                        source,
                                        target(),
                                        Renders.folder(folder),
                                        progress -> {
                                          if (progress.frames() > 5) {
                                            isBegun.countDown();
                                          }
                                        }))));
    assertTrue(isBegun.await(60, TimeUnit.SECONDS));
    thread.interrupt();
    assertTrue(thread.join(java.time.Duration.ofSeconds(20)), "it ended");
    assertEquals(ErrorCode.CANCELLED, ((HalcyonException) thrown.get()).code());
    try (Stream<Path> left = Files.walk(folder)) {
      assertEquals(
          List.of(),
          left.filter(file -> file.toString().endsWith(".part")).toList(),
          "nothing half written");
    }
    assertFalse(Files.exists(target()));
  }

  @Test
  void opensNothingThatAFileMayNameElsewhere() throws IOException {
    Path named = Renders.card(folder, card().build(), 2_000_000);
    Path list =
        Files.writeString(
            folder.resolve("talk.mp4"), "ffconcat version 1.0\nfile " + named.getFileName() + "\n");
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> render(Renders.spec(Renders.WIDE, new TimeSpan(0, 1_000_000)), list));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, refused.code());
    assertFalse(Files.exists(target()));
  }

  @Test
  void refusesWhatIsNoMedia() throws IOException {
    Path source = Files.writeString(folder.resolve("text.mp4"), "no media at all");
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> render(Renders.spec(Renders.WIDE, new TimeSpan(0, 1_000_000)), source));
    assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
    assertFalse(Files.exists(target()));
  }
}
