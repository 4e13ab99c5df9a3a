package dev.halcyon.verticles.job;

import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.analysis.SoundCurves;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.SoundStream;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.Subtitles;
import dev.halcyon.core.handover.CmxEdl;
import dev.halcyon.core.handover.FcpXml;
import dev.halcyon.core.handover.FinalCut7Xml;
import dev.halcyon.core.handover.HandoverRates;
import dev.halcyon.core.handover.HandoverSource;
import dev.halcyon.core.handover.HandoverTimeline;
import dev.halcyon.core.handover.OpenTimelineIo;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.render.Captions;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.select.ClipCandidate;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.verticles.step.RecordJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Writes what lies beside the clips: subtitles, facts, projects for editors, the contact sheet. */
final class ClipExport {
  /** Bars of the sheet's loudness strip. */
  private static final int WAVE_POINTS = 400;

  /** What is drawn as nothing, and the stretch from there to full height. */
  private static final double QUIET_LUFS = -50;

  private static final double LOUDNESS_RANGE = 45;

  private final SourceLabel source;
  private final ClipFolder folder;
  private final ClipArtifacts artifacts;
  private final ClipRenders renders;
  private int files;

  ClipExport(SourceLabel source, ClipFolder folder, ClipArtifacts artifacts, ClipRenders renders) {
    this.source = source;
    this.folder = folder;
    this.artifacts = artifacts;
    this.renders = renders;
  }

  /** Returns how many files it wrote. */
  int write(List<String> clips) throws IOException {
    writeForEditors(clips);
    List<ContactSheet.Card> cards = new ArrayList<>();
    for (String clip : clips) {
      cards.add(card(clip));
    }
    ContactSheet sheet =
        new ContactSheet(
            source.name(),
            artifacts.describeSource(),
            artifacts.source().probe().durationUs(),
            loudness(),
            cards);
    put(folder.sheet(), sheet.html());
    return files;
  }

  /** All but the contact sheet; returns how many files it wrote. */
  int writeForEditors(List<String> clips) throws IOException {
    for (String clip : clips) {
      subtitles(clip);
      put(folder.clip(clip, ".json"), facts(clip).encodePrettily());
    }
    projects(clips);
    return files;
  }

  private void put(Path file, String text) throws IOException {
    WholeFile.write(file, text);
    files++;
  }

  private void subtitles(String clip) throws IOException {
    RenderSpec spec = renders.spec(clip);
    Captions captions = spec.captions();
    List<CaptionLine> lines = captions.track().lines();
    if (lines.isEmpty()) {
      for (String ending : List.of(".srt", ".vtt", ".ass")) {
        Files.deleteIfExists(folder.clip(clip, ending));
      }
      return;
    }
    put(folder.clip(clip, ".srt"), Subtitles.srt(lines));
    put(folder.clip(clip, ".vtt"), Subtitles.vtt(lines));
    put(
        folder.clip(clip, ".ass"),
        Subtitles.ass(
            captions.track(),
            spec.picture().widthPx(),
            spec.picture().heightPx(),
            captions.safe()));
  }

  /** The clips as cuts of the source, to go on by hand. */
  private void projects(List<String> clips) throws IOException {
    if (clips.isEmpty()) {
      return;
    }
    Files.createDirectories(folder.edit());
    HandoverTimeline timeline =
        HandoverTimeline.of(
            source.name(),
            handedOver(),
            clips.stream().flatMap(clip -> cuts(clip).stream()).toList());
    put(folder.edit().resolve("clips.fcpxml"), FcpXml.write(timeline));
    put(folder.edit().resolve("clips.xml"), FinalCut7Xml.write(timeline));
    put(folder.edit().resolve("clips.edl"), CmxEdl.write(timeline));
    put(folder.edit().resolve("clips.otio"), OpenTimelineIo.write(timeline));
  }

  /** One for each part that is kept; the first says why the clip was chosen. */
  private List<HandoverTimeline.Cut> cuts(String clip) {
    ClipCandidate chosen = artifacts.candidate(clip);
    List<HandoverTimeline.Cut> cuts = new ArrayList<>();
    for (TimeSpan part : renders.spec(clip).timeline().parts()) {
      String note = cuts.isEmpty() ? chosen.reasoning() : "";
      cuts.add(new HandoverTimeline.Cut(chosen.title(), part, note, chosen.trace().signals()));
    }
    return cuts;
  }

  /** The source as editors go on with it. */
  HandoverSource handedOver() {
    MediaProbe probe = artifacts.source().probe();
    Optional<SoundStream> sound = renders.sound();
    FrameRate rate = HandoverRates.nearest(artifacts.picture().frameRate());
    return new HandoverSource(
        source.name(),
        source.url(),
        rate,
        Math.max(1, HandoverSource.framesIn(probe.durationUs(), rate)),
        0,
        false,
        artifacts.picture().displayWidthPx(),
        artifacts.picture().displayHeightPx(),
        sound.map(SoundStream::channels).orElse(0),
        sound.map(SoundStream::sampleRateHz).orElse(0),
        probe.sounds().stream()
            .takeWhile(other -> !sound.equals(Optional.of(other)))
            .mapToInt(SoundStream::channels)
            .sum(),
        probe.sounds().stream().mapToInt(SoundStream::channels).sum());
  }

  /** What was made, for whoever started it. */
  ClipSummary summary(List<String> clips) {
    return new ClipSummary(folder.path(), folder.sheet(), clips.stream().map(this::made).toList());
  }

  private ClipSummary.Made made(String clip) {
    ClipCandidate chosen = artifacts.candidate(clip);
    return new ClipSummary.Made(
        folder.clip(clip, ".mp4"),
        chosen.title(),
        chosen.score(),
        renders.spec(clip).timeline().window().fromUs(),
        renders.spec(clip).timeline().window().toUs(),
        facts(clip));
  }

  /** All that is known of a clip, for programs. */
  private JsonObject facts(String clip) {
    ClipCandidate chosen = artifacts.candidate(clip);
    RenderSpec spec = renders.spec(clip);
    JsonObject result = renders.result(clip);
    JsonArray tags = new JsonArray();
    chosen.hashtags().forEach(tags::add);
    return new JsonObject()
        .put("schema", "halcyon.clip")
        .put("version", 1)
        .put("file", clip + ".mp4")
        .put("title", chosen.title())
        .put("description", chosen.description())
        .put("hashtags", tags)
        .put("score", chosen.score())
        .put("virality", chosen.virality())
        .put("coherence", chosen.coherence())
        .put("reasoning", chosen.reasoning())
        .put("trace", RecordJson.write(chosen.trace()))
        .put("source", sourceFacts(spec.timeline()))
        .put("render", renderFacts(spec, result))
        .put("transcript", spoken(spec.timeline()));
  }

  private JsonObject sourceFacts(RenderTimeline timeline) {
    JsonArray parts = new JsonArray();
    for (TimeSpan part : timeline.parts()) {
      parts.add(new JsonObject().put("start_us", part.fromUs()).put("end_us", part.toUs()));
    }
    return new JsonObject()
        .put("name", source.name())
        .put("sha256", artifacts.source().sha256())
        .put("start_us", timeline.window().fromUs())
        .put("end_us", timeline.window().toUs())
        .put("parts", parts);
  }

  private static JsonObject renderFacts(RenderSpec spec, JsonObject result) {
    JsonObject facts =
        new JsonObject()
            .put("spec_sha256", spec.sha256())
            .put("width_px", spec.picture().widthPx())
            .put("height_px", spec.picture().heightPx())
            .put("frame_rate", RecordJson.write(spec.picture().frameRate()));
    for (String name :
        List.of("sha256", "bytes", "length_us", "frames", "integrated_lufs", "true_peak_dbtp")) {
      if (result.containsKey(name)) {
        facts.put(name, result.getValue(name));
      }
    }
    return facts;
  }

  /** What is heard in the clip, when it is said in the source. */
  private JsonArray spoken(RenderTimeline timeline) {
    JsonArray words = new JsonArray();
    timeline.kept(artifacts.transcript()).forEach(word -> words.add(RecordJson.write(word)));
    return words;
  }

  private ContactSheet.Card card(String clip) throws IOException {
    ClipCandidate chosen = artifacts.candidate(clip);
    RenderSpec spec = renders.spec(clip);
    Path poster = folder.clip(clip, ".jpg");
    List<String> beside = new ArrayList<>();
    for (String ending : List.of(".jpg", ".srt", ".vtt", ".ass", ".json")) {
      if (Files.exists(folder.clip(clip, ending))) {
        beside.add(clip + ending);
      }
    }
    return new ContactSheet.Card(
        clip + ".mp4",
        spec.timeline().window(),
        spec.picture().widthPx(),
        spec.picture().heightPx(),
        chosen.title(),
        chosen.reasoning(),
        Transcript.text(spec.timeline().kept(artifacts.transcript())),
        chosen.hashtags().stream().map(tag -> "#" + tag).toList(),
        chosen.score(),
        chosen.virality(),
        chosen.coherence(),
        Files.exists(poster) ? Base64.getEncoder().encodeToString(Files.readAllBytes(poster)) : "",
        beside);
  }

  /** The loudest of each part of the source, 0..1. */
  private List<Double> loudness() {
    SoundAnalysis sound = artifacts.sound();
    SoundCurves curves = sound.curves();
    int points = Math.min(WAVE_POINTS, curves.size());
    List<Double> heights = new ArrayList<>();
    for (int point = 0; point < points; point++) {
      double loudest = -100;
      int end = (int) ((point + 1L) * curves.size() / points);
      for (int n = (int) ((long) point * curves.size() / points); n < end; n++) {
        loudest = Math.max(loudest, curves.momentaryLufs(n));
      }
      heights.add(Math.clamp((loudest - QUIET_LUFS) / LOUDNESS_RANGE, 0, 1));
    }
    return heights;
  }
}
