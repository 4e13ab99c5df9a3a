package dev.halcyon.verticles.job;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a run made, for whoever started it.
 *
 * @param sheet the contact sheet
 */
record ClipSummary(Path folder, Path sheet, List<Made> clips) {
  /**
   * One clip.
   *
   * @param facts what its {@code .json} says
   */
  record Made(Path file, String title, double score, long fromUs, long toUs, JsonObject facts) {}

  ClipSummary {
    clips = List.copyOf(clips);
  }

  /** For people. */
  void print(PrintStream out) {
    if (clips.isEmpty()) {
      out.println("Nothing in it stood out enough for a clip. Try a lower --min.");
      return;
    }
    for (Made clip : clips) {
      out.printf(
          Locale.ROOT,
          "%s  %8s  %5.1f s  %.2f  %s%n",
          clip.file(),
          ProgressText.clock(Duration.ofMillis(clip.fromUs() / 1000)),
          (clip.toUs() - clip.fromUs()) / 1e6,
          clip.score(),
          clip.title());
    }
    out.println("look at them: " + sheet);
  }

  /** For scripts. */
  void tell(JsonDisplay out) {
    for (Made clip : clips) {
      out.write(new JsonObject().put("type", "clip").mergeIn(clip.facts()));
    }
    JsonArray files = new JsonArray();
    clips.forEach(clip -> files.add(clip.file().toString()));
    out.write(
        new JsonObject()
            .put("type", "done")
            .put("clips", files)
            .put("folder", folder.toString())
            .put("sheet", sheet.toString()));
  }
}
