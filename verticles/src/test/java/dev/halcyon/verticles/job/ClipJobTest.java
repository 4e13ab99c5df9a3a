package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.Platform;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.reframe.ReframeOptions;
import dev.halcyon.core.render.SoundForm;
import dev.halcyon.core.tighten.TightenOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A video in, clips out: real processes over a generated file in which two moments are planted. */
final class ClipJobTest {
  private static final long SECOND_US = 1_000_000;
  private static final List<Moment> BURSTS =
      List.of(
          Moment.crowdBurst(9 * SECOND_US, 2_500_000),
          Moment.crowdBurst(29 * SECOND_US, 2_500_000));
  private static final List<Integer> CUTS_S = List.of(5, 18, 24, 36);
  private static final long LENGTH_US = 40 * SECOND_US;

  /** A sentence of six words every four seconds, with half a second between them. */
  private static final long SENTENCE_US = 4 * SECOND_US;

  @TempDir private static Path folder;
  private static Path video;
  private static Path words;

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @BeforeAll
  static void makeVideo() throws Exception {
    video = folder.resolve("talk.mp4");
    List<Moment> moments =
        Stream.concat(BURSTS.stream(), CUTS_S.stream().map(s -> Moment.sceneChange(s * SECOND_US)))
            .toList();
    TestCard card =
        TestCard.builder()
            .size(640, 360)
            .bFrames(2)
            .programme(TestCardProgramme.talkWith(moments))
            .build();
    TestCardFile.write(card, LENGTH_US, video);
    words = folder.resolve("talk.json");
    Files.writeString(words, transcript().encode());
  }

  private static JsonObject transcript() {
    String[] sentence = {"This", "is", "what", "we", "say", "here."};
    JsonArray all = new JsonArray();
    for (long atUs = 0; atUs < LENGTH_US; atUs += SENTENCE_US) {
      for (int n = 0; n < sentence.length; n++) {
        long fromUs = atUs + n * 550_000L;
        all.add(
            new JsonObject()
                .put("word", sentence[n])
                .put("start", fromUs / 1e6)
                .put("end", (fromUs + 500_000) / 1e6));
      }
    }
    return new JsonObject().put("language", "en").put("words", all);
  }

  @Test
  void makesAClipOfEachMomentAndOnlyOnce() throws Exception {
    Path out = folder.resolve("out");
    ClipSummary first = job(video, out, settings(CaptionStyle.HIGHLIGHT_WORD)).run();
    assertEquals(2, first.clips().size());
    assertTrue(
        times("audio_analyze", "scene_detect", "face_track").distinct().count() > 1, "times");
    for (Moment burst : BURSTS) {
      assertTrue(
          first.clips().stream()
              .anyMatch(
                  clip -> clip.fromUs() <= burst.atUs() && clip.toUs() >= burst.atUs() + SECOND_US),
          () -> "no clip of " + burst + ": " + first.clips());
    }
    for (ClipSummary.Made clip : first.clips()) {
      checkClip(out, clip);
    }
    checkSheet(out);
    byte[] before = Files.readAllBytes(out.resolve("clip-01.mp4"));

    assertEquals(Set.of("export"), madeBy(settings(CaptionStyle.HIGHLIGHT_WORD), out));
    assertArrayEquals(before, Files.readAllBytes(out.resolve("clip-01.mp4")));
    Files.delete(out.resolve("clip-02.mp4"));
    assertEquals(
        Set.of("export", "render:clip-02"), madeBy(settings(CaptionStyle.HIGHLIGHT_WORD), out));
    assertFalse(Files.exists(out.resolve(".halcyon/work")), "unfinished files");
    checkTightened(out);
  }

  /** Each sentence ends with a word that is taken out. */
  private void checkTightened(Path out) throws Exception {
    assertEquals(Set.of("clip_select", "render:clip-01", "export"), madeBy(tightened(), out));
    JsonObject facts = new JsonObject(Files.readString(out.resolve("clip-01.json")));
    JsonArray parts = facts.getJsonObject("source").getJsonArray("parts");
    assertTrue(parts.size() > 1, facts::encode);
    long keptUs = 0;
    for (Object part : parts) {
      keptUs += ((JsonObject) part).getLong("end_us") - ((JsonObject) part).getLong("start_us");
    }
    long madeUs = FileProbe.probe(out.resolve("clip-01.mp4"), ProbeLimits.DEFAULT).durationUs();
    long offUs = Math.abs(keptUs - madeUs);
    assertTrue(offUs <= 40_000, () -> "its length is " + offUs + " us off");
    assertFalse(Files.readString(out.resolve("clip-01.srt")).contains("here"));
    assertEquals(
        parts.size(),
        Files.readAllLines(out.resolve("edit/clips.edl")).stream()
            .filter(line -> line.matches("\\d{3}  AX .*"))
            .count(),
        "a cut for each part");
  }

  /** Of steps, as they were told. */
  private Stream<Long> times(String... steps) {
    return told.toString(StandardCharsets.UTF_8)
        .lines()
        .map(JsonObject::new)
        .filter(line -> "step".equals(line.getString("type")))
        .filter(line -> List.of(steps).contains(line.getString("step")))
        .map(line -> line.getLong("duration_ms"));
  }

  private static void checkClip(Path out, ClipSummary.Made clip) throws Exception {
    MediaProbe probe = FileProbe.probe(clip.file(), ProbeLimits.DEFAULT);
    PictureStream picture = probe.picture().orElseThrow();
    assertEquals(720, picture.displayWidthPx());
    assertEquals(1280, picture.displayHeightPx());
    long offUs = Math.abs(clip.toUs() - clip.fromUs() - probe.durationUs());
    assertTrue(offUs <= 60_000, () -> "its length is " + offUs + " us off");
    assertBoundary(clip.fromUs(), 0);
    assertBoundary(clip.toUs(), 3_250_000);
    String name = clip.file().getFileName().toString().replace(".mp4", "");
    JsonObject facts = new JsonObject(Files.readString(out.resolve(name + ".json")));
    assertEquals(
        -14, facts.getJsonObject("render").getDouble("integrated_lufs"), 0.5, facts::encode);
    assertEquals(clip.fromUs(), facts.getJsonObject("source").getLong("start_us"));
    for (String ending : List.of(".srt", ".vtt", ".ass")) {
      assertTrue(Files.readString(out.resolve(name + ending)).contains("what"), ending);
    }
    assertTrue(Files.size(out.resolve(name + ".jpg")) > 1000);
  }

  /**
   * Near the place of it within a sentence (the first word's begin, the last one's end), or a cut.
   */
  private static void assertBoundary(long atUs, long inSentenceUs) {
    long off = Math.floorMod(atUs - inSentenceUs + SENTENCE_US / 2, SENTENCE_US) - SENTENCE_US / 2;
    boolean isAtCut = CUTS_S.stream().anyMatch(s -> Math.abs(s * SECOND_US - atUs) <= 100_000);
    assertTrue(
        Math.abs(off) <= 500_000 || isAtCut, () -> atUs + " is " + off + " us off a sentence");
  }

  private static void checkSheet(Path out) throws Exception {
    String sheet = Files.readString(out.resolve("index.html"));
    assertTrue(sheet.contains("src=\"clip-01.mp4\"") && sheet.contains("data:image/jpeg"));
    try (Stream<Path> edit = Files.list(out.resolve("edit"))) {
      assertEquals(4, edit.count(), "projects for editors");
    }
  }

  /** The steps that a run made anew. */
  private Set<String> madeBy(ClipSettings settings, Path out) {
    told.reset();
    job(video, out, settings).run();
    return told.toString(StandardCharsets.UTF_8)
        .lines()
        .map(JsonObject::new)
        .filter(line -> "step".equals(line.getString("type")) && !line.getBoolean("reused"))
        .map(line -> line.getString("step"))
        .collect(Collectors.toSet());
  }

  @Test
  void saysWhyAFileIsRefused() throws Exception {
    Path text = folder.resolve("notes.mp4");
    Files.writeString(text, "no film at all\n".repeat(1000));
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> job(text, folder.resolve("none"), settings(CaptionStyle.BOUNCE)).run());

    assertEquals(ClipExit.SOURCE_REFUSED, ClipExit.of(refused.code()), refused::getMessage);
    assertFalse(refused.code() == ErrorCode.DECODER_CRASHED);
  }

  private ClipJob job(Path source, Path out, ClipSettings settings) {
    return new ClipJob(
        source,
        Optional.of(words),
        out,
        settings,
        new JsonDisplay(new PrintStream(told, true, StandardCharsets.UTF_8)));
  }

  private static ClipSettings settings(CaptionStyle style) {
    return settings(2, style, Optional.empty());
  }

  private static ClipSettings tightened() {
    TightenOptions options = new TightenOptions(700_000, 250_000, Optional.of(Set.of("here")));
    return settings(1, CaptionStyle.HIGHLIGHT_WORD, Optional.of(options));
  }

  private static ClipSettings settings(
      int clips, CaptionStyle style, Optional<TightenOptions> tighten) {
    return new ClipSettings(
        clips,
        6 * SECOND_US,
        12 * SECOND_US,
        "9:16",
        Optional.of(style),
        false,
        Platform.ANY,
        ReframeOptions.Fit.CROP,
        ReframeOptions.Several.DOMINANT,
        Codec.H264,
        SoundForm.Denoise.OFF,
        tighten,
        OptionalInt.empty(),
        Optional.empty(),
        false);
  }
}
