package dev.halcyon.verticles.step;

import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.file.Path;

/** The spec of a render as an artifact. */
public final class SpecFile {
  private static final ArtifactFile FORM = new ArtifactFile("halcyon.render-spec", 1);

  private SpecFile() {}

  public static void write(Path file, RenderSpec spec) throws IOException {
    FORM.write(file, RecordJson.write(spec));
  }

  public static RenderSpec read(Path file) {
    return RecordJson.read(RenderSpec.class, FORM.read(file));
  }
}
