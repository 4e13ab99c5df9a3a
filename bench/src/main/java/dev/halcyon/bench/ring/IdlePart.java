package dev.halcyon.bench.ring;

import dev.halcyon.bench.ChildJvm;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.bench.TemporaryFolder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;

/** What 200 rings cost into which nothing comes. */
final class IdlePart implements Part {
  private static final int RINGS = 200;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public Figures measure(Setting setting) throws IOException {
    JsonObject row;
    try (TemporaryFolder folder = TemporaryFolder.createIn(setting.dir())) {
      row =
          ChildJvm.run(
                  IdleRings.class,
                  List.of("-Xmx64m"),
                  120,
                  folder.path().toString(),
                  String.valueOf(RINGS),
                  String.valueOf(setting.pick(200L, 2_000L, 20_000L)))
              .getFirst();
    }
    Table table = new Table("rings", "CPU % in all", "RssAnon KiB a ring", "RssFile KiB a ring");
    table.row(
        String.valueOf(row.getInteger("rings")),
        Cells.number(100 * row.getDouble("cpu_cores")),
        Cells.number(row.getLong("rss_anon_bytes_per_ring") / 1024.0),
        Cells.number(row.getLong("rss_file_bytes_per_ring") / 1024.0));
    return new Figures(
        "Rings of 2 GiB with a waiting reader each (RssFile is page cache: the first 4 MiB of each,"
            + " made present for its writer)",
        table,
        new JsonArray().add(row));
  }
}
