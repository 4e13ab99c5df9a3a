package dev.halcyon.verticles.job;

import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.select.ClipCandidate;
import dev.halcyon.core.select.Selection;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.verticles.step.AnalysisJson;
import dev.halcyon.verticles.step.ArtifactFile;
import dev.halcyon.verticles.step.RecordJson;
import dev.halcyon.verticles.step.SourceFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the steps of a job found and decided, as files in a folder, read once. One thread. */
final class ClipArtifacts {
  static final String SOURCE = "source.json.gz";
  static final String TRANSCRIPT = "transcript.json.gz";
  static final String SELECTION = "selection.json.gz";

  private static final ArtifactFile SOURCE_FORM = new ArtifactFile("halcyon.source", 1);
  static final ArtifactFile TRANSCRIPT_FORM = new ArtifactFile("halcyon.transcript", 1);
  private static final ArtifactFile SELECTION_FORM = new ArtifactFile("halcyon.selection", 1);

  private final Path folder;
  private final boolean hasTranscript;
  private Optional<SourceFacts> source = Optional.empty();
  private Optional<Transcript> transcript = Optional.empty();
  private Optional<SoundAnalysis> sound = Optional.empty();
  private Optional<SceneAnalysis> scenes = Optional.empty();
  private Optional<FaceAnalysis> faces = Optional.empty();
  private Optional<FrameIndex> frames = Optional.empty();
  private Optional<Selection> selection = Optional.empty();

  /**
   * @param hasTranscript whether words are given; else those of a run before are none of this one's
   */
  ClipArtifacts(Path folder, boolean hasTranscript) {
    this.folder = folder;
    this.hasTranscript = hasTranscript;
  }

  SourceFacts source() {
    if (source.isEmpty()) {
      source = Optional.of(RecordJson.read(SourceFacts.class, SOURCE_FORM.read(file(SOURCE))));
    }
    return source.get();
  }

  PictureStream picture() {
    return source().probe().picture().orElseThrow();
  }

  Transcript transcript() {
    if (transcript.isEmpty()) {
      transcript =
          Optional.of(
              hasTranscript
                  ? RecordJson.read(Transcript.class, TRANSCRIPT_FORM.read(file(TRANSCRIPT)))
                  : Transcript.EMPTY);
    }
    return transcript.get();
  }

  SoundAnalysis sound() {
    if (sound.isEmpty()) {
      sound = Optional.of(AnalysisJson.sound(folder));
    }
    return sound.get();
  }

  SceneAnalysis scenes() {
    if (scenes.isEmpty()) {
      scenes = Optional.of(AnalysisJson.scenes(folder));
    }
    return scenes.get();
  }

  FaceAnalysis faces() {
    if (faces.isEmpty()) {
      faces = Optional.of(AnalysisJson.faces(folder));
    }
    return faces.get();
  }

  /** When each picture of the source begins, or each keyframe where no more was looked at. */
  FrameIndex frames() {
    if (frames.isEmpty()) {
      frames =
          Optional.of(
              Files.exists(file(AnalysisJson.FRAMES))
                  ? AnalysisJson.frames(folder)
                  : FrameIndex.of(new long[0], new int[0], 0));
    }
    return frames.get();
  }

  Selection selection() {
    if (selection.isEmpty()) {
      selection =
          Optional.of(RecordJson.read(Selection.class, SELECTION_FORM.read(file(SELECTION))));
    }
    return selection.get();
  }

  void keepSource(SourceFacts facts) throws IOException {
    SOURCE_FORM.write(file(SOURCE), RecordJson.write(facts));
    source = Optional.of(facts);
  }

  void keepTranscript(Transcript words) throws IOException {
    TRANSCRIPT_FORM.write(file(TRANSCRIPT), RecordJson.write(words));
    transcript = Optional.of(words);
  }

  void keepSelection(Selection clips) throws IOException {
    SELECTION_FORM.write(file(SELECTION), RecordJson.write(clips));
    selection = Optional.of(clips);
  }

  /** {@code clip-01} and so on, one for each that was chosen, best first. */
  List<String> clipNames() {
    return IntStream.rangeClosed(1, selection().chosen().size())
        .mapToObj(number -> String.format(Locale.ROOT, "clip-%02d", number))
        .toList();
  }

  /** The candidate that a clip is made of. */
  ClipCandidate candidate(String clip) {
    return selection().chosen().get(Integer.parseInt(clip.substring(clip.indexOf('-') + 1)) - 1);
  }

  /** What the source is, in a few words. */
  String describeSource() {
    MediaProbe probe = source().probe();
    PictureStream picture = picture();
    double fps = (double) picture.frameRate().numerator() / picture.frameRate().denominator();
    StringBuilder text =
        new StringBuilder(ProgressText.clock(Duration.ofMillis(probe.durationUs() / 1000)))
            .append(", ")
            .append(picture.codec().name().replace('_', ' '))
            .append(' ')
            .append(picture.displayWidthPx())
            .append('×')
            .append(picture.displayHeightPx())
            .append(String.format(Locale.ROOT, " %.4g fps", fps));
    probe
        .defaultSound()
        .ifPresentOrElse(
            stream -> text.append(", ").append(stream.codec()), () -> text.append(", no sound"));
    return text.toString();
  }

  /** What a step found, in a few words. */
  String describe(StepName step) {
    return switch (step) {
      case TRANSCRIBE -> transcript().words().size() + " words (" + transcript().language() + ")";
      case AUDIO_ANALYZE -> describeSound();
      case SCENE_DETECT -> scenes().cuts().size() + " cuts";
      case FACE_TRACK -> describeFaces();
      default -> "";
    };
  }

  private String describeSound() {
    int moments = sound().signals().size();
    String loudness =
        sound().integratedLufs().isPresent()
            ? String.format(Locale.ROOT, "%.1f LUFS", sound().integratedLufs().getAsDouble())
            : "silence";
    return loudness + ", " + moments + (moments == 1 ? " loud moment" : " loud moments");
  }

  private String describeFaces() {
    int all = faces().samples().size();
    long with = faces().samples().stream().filter(sample -> !sample.faces().isEmpty()).count();
    return all == 0
        ? "no pictures to look at"
        : "a face in " + Math.round(100.0 * with / all) + " % of " + all + " pictures";
  }

  private Path file(String name) {
    return folder.resolve(name);
  }
}
