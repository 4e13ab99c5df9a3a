package dev.halcyon.verticles.model;

import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Fetches files of models for somebody who watches. Blocking; one thread. */
public final class ModelFetch {
  private static final double MIB = 1 << 20;

  /** What is printed is at least so much apart. */
  private static final long STEP_BYTES = 1 << 20;

  private final ModelDownload download;

  public ModelFetch(ModelFolder folder) {
    download = new ModelDownload(folder);
  }

  /**
   * @param progress is given a short text, now and then
   * @return the file's hash; it is in its place
   * @throws dev.halcyon.core.error.HalcyonException as {@code ModelDownload} says
   */
  public String fetch(ModelEntry entry, ModelFile file, Consumer<String> progress) {
    long[] shown = {-STEP_BYTES};
    return download.fetch(
        entry,
        file,
        (bytes, whole) -> {
          boolean isEnd = whole.isPresent() && bytes == whole.getAsLong();
          if (bytes - shown[0] >= STEP_BYTES || isEnd) {
            shown[0] = bytes;
            progress.accept(text(bytes, whole));
          }
        });
  }

  private static String text(long bytes, OptionalLong whole) {
    return whole.isPresent()
        ? String.format(
            Locale.ROOT,
            " %.1f of %.1f MiB, %.0f %%",
            bytes / MIB,
            whole.getAsLong() / MIB,
            100.0 * bytes / whole.getAsLong())
        : String.format(Locale.ROOT, " %.1f MiB", bytes / MIB);
  }
}
