package dev.halcyon.verticles.step;

import dev.halcyon.codecs.render.ChunkFolder;
import dev.halcyon.codecs.render.ClipRenderer;
import dev.halcyon.codecs.render.RenderResult;
import dev.halcyon.codecs.video.PosterMaker;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.render.RenderSpec;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Renders one clip, and takes its poster from what was rendered. */
record RenderWork(StepRequest.Render request) implements StepWork {
  /** Of all clips of a source together. */
  private static final long CHUNK_BYTES = 2L << 30;

  @Override
  public JsonObject run(StepSink sink) throws IOException {
    RenderSpec spec = SpecFile.read(Path.of(request.spec()));
    Path target = Path.of(request.target());
    ChunkFolder chunks = new ChunkFolder(Path.of(request.chunks()), CHUNK_BYTES);
    RenderResult result =
        new ClipRenderer()
            .render(
                spec,
                Path.of(request.source()),
                target,
                chunks,
                progress ->
                    sink.progress(
                        StepName.RENDER,
                        progress.part(),
                        (long) (progress.part() * spec.lengthUs())));
    Files.write(Path.of(request.poster()), PosterMaker.fromFile(target, request.momentUs()));
    return RecordJson.write(result);
  }
}
