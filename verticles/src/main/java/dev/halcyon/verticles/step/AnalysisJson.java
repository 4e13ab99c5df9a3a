package dev.halcyon.verticles.step;

import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.analysis.SoundCurves;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** The artifacts of an analysis: what each is called, and its form in JSON. */
public final class AnalysisJson {
  public static final String SOUND = "sound.json.gz";
  public static final String SCENES = "scenes.json.gz";
  public static final String FACES = "faces.json.gz";
  public static final String FRAMES = "frames.json.gz";

  private static final ArtifactFile SOUND_FORM = new ArtifactFile("halcyon.sound", 1);
  private static final ArtifactFile SCENES_FORM = new ArtifactFile("halcyon.scenes", 1);
  private static final ArtifactFile FACES_FORM = new ArtifactFile("halcyon.faces", 1);
  private static final ArtifactFile FRAMES_FORM = new ArtifactFile("halcyon.frames", 1);

  private AnalysisJson() {}

  /** A sound analysis without its curves. */
  private record SoundFacts(
      List<TimeSpan> speech,
      List<TimeSpan> silence,
      OptionalDouble integratedLufs,
      List<Signal> signals) {}

  static void write(Path folder, SoundAnalysis sound) throws IOException {
    SoundFacts facts =
        new SoundFacts(sound.speech(), sound.silence(), sound.integratedLufs(), sound.signals());
    SOUND_FORM.write(
        folder.resolve(SOUND), RecordJson.write(facts).put("curves", curves(sound.curves())));
  }

  public static SoundAnalysis sound(Path folder) {
    JsonObject json = SOUND_FORM.read(folder.resolve(SOUND));
    SoundFacts facts = RecordJson.read(SoundFacts.class, json);
    return new SoundAnalysis(
        curves(json.getJsonObject("curves")),
        facts.speech(),
        facts.silence(),
        facts.integratedLufs(),
        facts.signals());
  }

  private static JsonObject curves(SoundCurves curves) {
    JsonArray momentary = new JsonArray();
    JsonArray peaks = new JsonArray();
    JsonArray flatness = new JsonArray();
    JsonArray centroids = new JsonArray();
    JsonArray crossings = new JsonArray();
    for (int n = 0; n < curves.size(); n++) {
      momentary.add(rounded(curves.momentaryLufs(n), 100));
      peaks.add(rounded(curves.peakDb(n), 100));
      flatness.add(rounded(curves.flatness(n), 100_000));
      centroids.add(Math.round(curves.centroidHz(n)));
      crossings.add(rounded(curves.zeroCrossingRate(n), 100_000));
    }
    return new JsonObject()
        .put("step_us", SoundCurves.STEP_US)
        .put("momentary_lufs", momentary)
        .put("peak_db", peaks)
        .put("flatness", flatness)
        .put("centroid_hz", centroids)
        .put("zero_crossing_rate", crossings);
  }

  private static double rounded(double value, double steps) {
    return Math.round(value * steps) / steps;
  }

  private static SoundCurves curves(JsonObject json) {
    JsonArray momentary = json.getJsonArray("momentary_lufs");
    JsonArray peaks = json.getJsonArray("peak_db");
    JsonArray flatness = json.getJsonArray("flatness");
    JsonArray centroids = json.getJsonArray("centroid_hz");
    JsonArray crossings = json.getJsonArray("zero_crossing_rate");
    SoundCurves.Builder curves = new SoundCurves.Builder();
    for (int n = 0; n < momentary.size(); n++) {
      curves.add(
          momentary.getDouble(n),
          peaks.getDouble(n),
          flatness.getDouble(n),
          centroids.getDouble(n),
          crossings.getDouble(n));
    }
    return curves.build();
  }

  static void write(Path folder, SceneAnalysis scenes) throws IOException {
    SCENES_FORM.write(folder.resolve(SCENES), RecordJson.write(scenes));
  }

  public static SceneAnalysis scenes(Path folder) {
    return RecordJson.read(SceneAnalysis.class, SCENES_FORM.read(folder.resolve(SCENES)));
  }

  static void write(Path folder, FaceAnalysis faces) throws IOException {
    FACES_FORM.write(folder.resolve(FACES), RecordJson.write(faces));
  }

  public static FaceAnalysis faces(Path folder) {
    return RecordJson.read(FaceAnalysis.class, FACES_FORM.read(folder.resolve(FACES)));
  }

  /** Begins of pictures as differences, which are small and pack well. */
  static void write(Path folder, FrameIndex frames) throws IOException {
    JsonArray steps = new JsonArray();
    JsonArray keyframes = new JsonArray();
    long beforeUs = 0;
    for (int n = 0; n < frames.frames(); n++) {
      steps.add(frames.ptsUs(n) - beforeUs);
      beforeUs = frames.ptsUs(n);
    }
    for (int keyframe : frames.keyframes()) {
      keyframes.add(keyframe);
    }
    FRAMES_FORM.write(
        folder.resolve(FRAMES),
        new JsonObject()
            .put("pts_steps_us", steps)
            .put("keyframes", keyframes)
            .put("end_us", frames.endUs()));
  }

  public static FrameIndex frames(Path folder) {
    JsonObject json = FRAMES_FORM.read(folder.resolve(FRAMES));
    JsonArray steps = json.getJsonArray("pts_steps_us");
    long[] ptsUs = new long[steps.size()];
    long atUs = 0;
    for (int n = 0; n < ptsUs.length; n++) {
      atUs += steps.getLong(n);
      ptsUs[n] = atUs;
    }
    int[] keyframes =
        json.getJsonArray("keyframes").stream().mapToInt(n -> ((Number) n).intValue()).toArray();
    return FrameIndex.of(ptsUs, keyframes, json.getLong("end_us"));
  }
}
