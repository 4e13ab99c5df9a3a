package dev.halcyon.verticles.step;

import dev.halcyon.codecs.analyse.AnalysisListener;
import dev.halcyon.codecs.analyse.AnalysisOptions;
import dev.halcyon.codecs.analyse.FileAnalyser;
import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.analysis.SoundCurves;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.job.StepName;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/** Decodes a file once for all that is wanted of it. */
record AnalyseWork(StepRequest.Analyse request) implements StepWork {
  /** Each holds pictures of up to 4K, within the memory of one step. */
  private static final int MOST_THREADS = 16;

  @Override
  public JsonObject run(StepSink sink) throws Exception {
    PartTimes times = new PartTimes(request.parts());
    AnalysisOptions options =
        new AnalysisOptions(
            request.parts(),
            request.depth(),
            request.soundStream(),
            request.faceModel().map(Path::of),
            Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
    Analysis analysis =
        FileAnalyser.analyse(
            Path.of(request.source()), request.probe(), options, listener(sink, times));
    write(analysis, Path.of(request.folder()));
    return times
        .json()
        .put("damaged_packets", analysis.damagedPackets())
        .put("cuts", analysis.scenes().map(scenes -> scenes.cuts().size()).orElse(0))
        .put("signals", analysis.sound().map(sound -> sound.signals().size()).orElse(0))
        .put("pictures", analysis.frames().map(frames -> frames.frames()).orElse(0));
  }

  private AnalysisListener listener(StepSink sink, PartTimes times) {
    return new AnalysisListener() {
      @Override
      public void onProgress(double done, long mediaUs) {
        tell(sink, done, mediaUs);
      }

      @Override
      public void onTook(AnalysisPart part, Duration cpu) {
        times.took(part, cpu);
      }
    };
  }

  private void tell(StepSink sink, double done, long mediaUs) {
    request.parts().forEach(part -> sink.progress(stepOf(part), done, mediaUs));
  }

  static StepName stepOf(AnalysisPart part) {
    return switch (part) {
      case SOUND -> StepName.AUDIO_ANALYZE;
      case SCENES -> StepName.SCENE_DETECT;
      case FACES -> StepName.FACE_TRACK;
    };
  }

  /** What was asked for is written, also when the file has nothing of its kind. */
  private void write(Analysis analysis, Path folder) throws IOException {
    TimeSpan whole = new TimeSpan(0, request.probe().durationUs());
    if (request.parts().contains(AnalysisPart.SOUND)) {
      AnalysisJson.write(folder, analysis.sound().orElse(silent(whole)));
    }
    if (request.parts().contains(AnalysisPart.SCENES)) {
      AnalysisJson.write(folder, analysis.scenes().orElse(new SceneAnalysis(whole, List.of())));
      if (analysis.frames().isPresent()) {
        AnalysisJson.write(folder, analysis.frames().get());
      }
    }
    if (request.parts().contains(AnalysisPart.FACES)) {
      AnalysisJson.write(folder, analysis.faces().orElse(FaceAnalysis.NONE));
    }
  }

  private static SoundAnalysis silent(TimeSpan whole) {
    return new SoundAnalysis(
        new SoundCurves.Builder().build(),
        List.of(),
        List.of(whole),
        OptionalDouble.empty(),
        List.of());
  }
}
