package dev.halcyon.verticles.job;

import dev.halcyon.codecs.render.RenderTools;
import dev.halcyon.core.analysis.FaceSample;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.asset.SoundStream;
import dev.halcyon.core.caption.CaptionOptions;
import dev.halcyon.core.caption.CaptionPlanner;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.RetryPolicy;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.reframe.Aspect;
import dev.halcyon.core.reframe.CropPath;
import dev.halcyon.core.reframe.CropPlanner;
import dev.halcyon.core.reframe.ReframeOptions;
import dev.halcyon.core.render.Captions;
import dev.halcyon.core.render.PictureCoding;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.PictureGrid;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.core.render.SoundForm;
import dev.halcyon.core.select.ClipCandidate;
import dev.halcyon.core.tighten.TightPlanner;
import dev.halcyon.core.tighten.TightenInput;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.verticles.step.ArtifactFile;
import dev.halcyon.verticles.step.SpecFile;
import dev.halcyon.verticles.step.StepRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The rendering of the clips that were chosen: what each is to be, and what became of it. */
final class ClipRenders {
  /** An encoder that does a tenth of real time on a busy machine is still at work. */
  private static final int TIMEOUT_PER_LENGTH = 20;

  private static final ArtifactFile RENDER_FORM = new ArtifactFile("halcyon.render", 1);

  private final ClipFolder folder;
  private final ClipSettings settings;
  private final ClipArtifacts artifacts;
  private final Function<String, RenderWish> wishes;
  private final Map<String, RenderSpec> specs = new HashMap<>();

  /**
   * @param wishes how somebody wants a clip, by its name
   */
  ClipRenders(
      ClipFolder folder,
      ClipSettings settings,
      ClipArtifacts artifacts,
      Function<String, RenderWish> wishes) {
    this.folder = folder;
    this.settings = settings;
    this.artifacts = artifacts;
    this.wishes = wishes;
  }

  /** What a clip is to be. */
  RenderSpec spec(String clip) {
    return specs.computeIfAbsent(
        clip, name -> planned(artifacts.candidate(name), wishes.apply(name)));
  }

  /** The sound of the source that is heard. */
  Optional<SoundStream> sound() {
    MediaProbe probe = artifacts.source().probe();
    return settings.soundStream().isPresent()
        ? probe.sounds().stream()
            .filter(sound -> sound.index() == settings.soundStream().getAsInt())
            .findFirst()
        : probe.defaultSound();
  }

  private RenderSpec planned(ClipCandidate candidate, RenderWish wish) {
    PictureStream picture = artifacts.picture();
    ClipSettings wanted = settings.with(wish);
    PictureForm form = ClipForm.of(picture, wanted.aspect());
    RenderTimeline timeline = timeline(within(wish.window(candidate.span())), form);
    RenderSource source = RenderSource.of(artifacts.source().probe(), artifacts.source().sha256());
    if (settings.soundStream().isPresent()) {
      source = source.withSound(settings.soundStream());
    }
    Captions captions = captions(timeline, form, wanted, wish.over(artifacts.transcript()));
    return new RenderSpec(
        RenderTools.versions(captions.track()),
        source,
        timeline,
        form,
        PictureCoding.usual(form, settings.codec()),
        crop(picture, timeline.window(), wanted),
        captions,
        wish.over(SoundForm.USUAL).withDenoise(wanted.denoise()));
  }

  /** What there is of a window. */
  private TimeSpan within(TimeSpan window) {
    long endUs = Math.min(window.toUs(), artifacts.source().probe().durationUs());
    if (endUs <= window.fromUs()) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "the clip would begin behind the video");
    }
    return new TimeSpan(window.fromUs(), endUs);
  }

  /** From picture to picture, so that sound and pictures are in step; and what is left of that. */
  private RenderTimeline timeline(TimeSpan chosen, PictureForm form) {
    PictureGrid grid = PictureGrid.near(chosen.fromUs(), artifacts.frames(), form.frameRate());
    TimeSpan window =
        new TimeSpan(grid.originUs(), Math.max(chosen.toUs(), grid.ceilUs(grid.originUs() + 1)));
    return settings
        .tighten()
        .map(
            options ->
                TightPlanner.plan(
                    new TightenInput(
                        artifacts.transcript(),
                        artifacts.sound().speech(),
                        artifacts.sound().silence(),
                        artifacts.sound().signals()),
                    window,
                    grid,
                    options))
        .orElseGet(() -> RenderTimeline.of(window));
  }

  private CropPath crop(PictureStream picture, TimeSpan window, ClipSettings wanted) {
    Aspect target = ClipForm.aspect(picture, wanted.aspect());
    ReframeOptions options =
        new ReframeOptions(
            wanted.fit(),
            wanted.several(),
            ReframeOptions.DEFAULT.mostZoom(),
            ReframeOptions.DEFAULT.speedLimit());
    return CropPlanner.plan(
        artifacts.faces(),
        artifacts.scenes(),
        window,
        picture.displayWidthPx(),
        picture.displayHeightPx(),
        target,
        options);
  }

  private static Captions captions(
      RenderTimeline timeline, PictureForm form, ClipSettings wanted, Transcript words) {
    if (wanted.captions().isEmpty() || words.isEmpty()) {
      return Captions.NONE;
    }
    CaptionOptions options =
        CaptionOptions.ofShape(form.widthPx(), form.heightPx()).on(wanted.platform());
    if (wanted.hasEmoji()) {
      options = options.with(CaptionOptions.Emoji.DICTIONARY);
    }
    CaptionTrack track =
        new CaptionTrack(
            wanted.captions().get(),
            CaptionPlanner.plan(
                timeline.heard(words), new TimeSpan(0, timeline.lengthUs()), options));
    return new Captions(track, options.safe());
  }

  Duration timeout(String clip) {
    Duration byLength =
        Duration.ofMillis(spec(clip).lengthUs() / 1000).multipliedBy(TIMEOUT_PER_LENGTH);
    Duration usual = RetryPolicy.of(StepName.RENDER).timeoutFor(0);
    return byLength.compareTo(usual) > 0 ? byLength : usual;
  }

  /**
   * What the process that renders it is asked for; it writes into the folder of what is unfinished.
   */
  StepRequest request(Path source, String clip) throws IOException {
    Path spec = folder.artifacts().resolve(clip + ".spec.json.gz");
    SpecFile.write(spec, spec(clip));
    return new StepRequest.Render(
        source.toString(),
        absolute(spec),
        absolute(folder.work().resolve(clip + ".mp4")),
        absolute(folder.work().resolve(clip + ".jpg")),
        moment(clip),
        absolute(folder.chunks()));
  }

  /** Clip time at which a poster is rather taken: the largest face, else the strongest signal. */
  private OptionalLong moment(String clip) {
    ClipCandidate candidate = artifacts.candidate(clip);
    return artifacts.faces().within(spec(clip).timeline().window()).stream()
        .filter(sample -> !sample.faces().isEmpty())
        .max(Comparator.comparingDouble(sample -> sample.faces().getFirst().area()))
        .map(FaceSample::atUs)
        .or(
            () ->
                candidate.trace().signals().stream()
                    .max(Comparator.comparingDouble(Signal::strength))
                    .map(Signal::atUs))
        .map(atUs -> OptionalLong.of(spec(clip).timeline().clipUs(atUs)))
        .orElse(OptionalLong.empty());
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().toString();
  }

  /** Gives a rendered clip its place; what is there is whole. */
  ClipWork.Outcome finished(String clip, JsonObject result, Duration took) throws IOException {
    Path video = folder.work().resolve(clip + ".mp4");
    result.put("bytes", Files.size(video)).put("sha256", Inputs.ofFile(video));
    RENDER_FORM.write(facts(clip), result);
    Path poster = folder.work().resolve(clip + ".jpg");
    if (Files.exists(poster)) {
      WholeFile.place(poster, folder.clip(clip, ".jpg"));
    }
    WholeFile.place(video, folder.clip(clip, ".mp4"));
    return outcome(clip, took);
  }

  /** A clip of a run before, when it is still there as it was. */
  Optional<ClipWork.Outcome> reuse(String clip) {
    Path video = folder.clip(clip, ".mp4");
    try {
      boolean isSame =
          Files.exists(video)
              && Files.exists(folder.clip(clip, ".jpg"))
              && Inputs.ofFile(video).equals(result(clip).getString("sha256"));
      return isSame ? Optional.of(outcome(clip, Duration.ZERO)) : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private ClipWork.Outcome outcome(String clip, Duration took) {
    return new ClipWork.Outcome(clip + ".mp4", artifacts.candidate(clip).title(), took);
  }

  /** What the renderer said of a clip. */
  JsonObject result(String clip) {
    return RENDER_FORM.read(facts(clip));
  }

  private Path facts(String clip) {
    return folder.artifacts().resolve(clip + ".render.json.gz");
  }

  /** Deletes a clip that is not made any more, with all that is beside it. */
  void forget(String clip) {
    try {
      for (String ending : List.of(".mp4", ".jpg", ".srt", ".vtt", ".ass", ".json")) {
        Files.deleteIfExists(folder.clip(clip, ending));
      }
      Files.deleteIfExists(facts(clip));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
