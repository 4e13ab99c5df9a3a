package dev.halcyon.verticles.step;

import dev.halcyon.codecs.analyse.AnalysisOptions;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.asset.MediaProbe;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What the process of a step can be asked for. Paths are absolute. */
public sealed interface StepRequest {
  /** Who a file is and what it holds; the result is a {@link SourceFacts}. */
  record Ingest(String source) implements StepRequest {}

  /**
   * What is to be seen and heard in it; the artifacts are the result.
   *
   * @param folder the artifacts go there
   */
  record Analyse(
      String source,
      MediaProbe probe,
      Set<AnalysisPart> parts,
      AnalysisOptions.Depth depth,
      OptionalInt soundStream,
      Optional<String> faceModel,
      String folder)
      implements StepRequest {}

  /**
   * One clip; the result is what the renderer says of it.
   *
   * @param spec an artifact that holds the render's spec
   * @param target becomes the video
   * @param poster becomes a JPEG
   * @param momentUs clip time of what it was chosen for, where the poster is rather taken
   * @param chunks where parts are kept and found
   */
  record Render(
      String source,
      String spec,
      String target,
      String poster,
      OptionalLong momentUs,
      String chunks)
      implements StepRequest {}

  default JsonObject json() {
    return RecordJson.write((Record) Objects.requireNonNull(this));
  }
}
