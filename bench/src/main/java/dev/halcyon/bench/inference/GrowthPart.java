package dev.halcyon.bench.inference;

import dev.halcyon.bench.Machine;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.codecs.model.SileroVad;
import dev.halcyon.codecs.model.SoundTagger;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Batches of all sizes without end: does memory grow? */
final class GrowthPart implements Part {
  private static final int LOOKS = 6;
  private static final double MIB = 1 << 20;

  private final ModelFiles files;

  GrowthPart(ModelFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public Figures measure(Setting setting) throws Exception {
    Table table = new Table("answers", "of a stream", "RssAnon MiB");
    JsonArray rows = new JsonArray();
    long ns = TimeUnit.MILLISECONDS.toNanos(setting.pick(100L, 1_000L, 20_000L));
    Random random = new Random(1);
    try (SileroVad voices = files.openSilero();
        SoundTagger tagger = files.openYamnet()) {
      SileroVad.Frame frame = voices.sample();
      float[] patch = tagger.sample();
      long answers = 0;
      for (int look = 0; look < LOOKS; look++) {
        for (long untilNs = System.nanoTime() + ns; System.nanoTime() < untilNs; ) {
          int size = 1 + random.nextInt(16);
          voices.compute(Collections.nCopies(size, frame));
          answers += size;
          if (random.nextInt(16) == 0) {
            tagger.compute(Collections.nCopies(size, patch));
          }
        }
        row(answers, table, rows);
      }
    }
    return new Figures(
        "batches of every size for minutes: does memory grow?", table, rows, List.of());
  }

  private static void row(long answers, Table table, JsonArray rows) {
    System.gc();
    long bytes =
        Machine.field(Path.of("/proc/self/status"), "RssAnon:").map(Machine::kibibytes).orElse(0L);
    double hours = answers * SileroVad.FRAME_SAMPLES / 16_000.0 / 3_600;
    table.row(
        Long.toString(answers),
        String.format(Locale.ROOT, "%.1f h", hours),
        String.format(Locale.ROOT, "%.1f", bytes / MIB));
    rows.add(new JsonObject().put("answers", answers).put("rss_anon_bytes", bytes));
  }
}
