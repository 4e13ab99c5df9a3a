package dev.halcyon.bench.ring;

import dev.halcyon.bench.ChildJvm;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.bench.ring.PeerAppends.Peer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The same appends into Chronicle Queue, a file channel and a bare mapping, side by side. */
final class PeersPart implements Part {
  /** What Chronicle's documentation asks for on current JDKs, and that it keeps to itself. */
  private static final List<String> FLAGS =
      List.of(
          "-Dchronicle.analytics.disable=true",
          "-Dchronicle.announcer.disable=true",
          "-Ddisable.perf.warn=true",
          "-Dslf4j.internal.verbosity=ERROR",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "-Xmx256m");

  private static final long LIMIT_S = 1800;

  @Override
  public String name() {
    return "peers";
  }

  @Override
  public Figures measure(Setting setting) throws IOException {
    List<JsonObject> found =
        ChildJvm.run(
            PeerAppends.class,
            FLAGS,
            LIMIT_S,
            setting.dir().toString(),
            String.valueOf(setting.pick(8L << 20, 24L << 20, 256L << 20)),
            String.valueOf(setting.pick(1, 1, 4)));
    Table table =
        new Table(
            "packet",
            "into",
            "packets",
            "MB/s",
            "mean us",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "max us",
            "mean / ring's",
            "p50 / ring's",
            "p99.9 / ring's");
    for (JsonObject row : found) {
      row(row, ringBeside(row, found), table);
    }
    List<String> failures = new ArrayList<>();
    int expected = PeerAppends.SIZES.size() * Peer.values().length;
    if (found.size() != expected) {
      failures.add("peers: %d rows of %d came back".formatted(found.size(), expected));
    }
    return new Figures(
        "The same packets one after the other, in turns; only the ring's carry header, checksum and"
            + " index",
        table,
        new JsonArray(found),
        failures);
  }

  /** Fresh files compare with the first lap, warm ones with later laps. */
  private static JsonObject ringBeside(JsonObject row, List<JsonObject> all) {
    Peer peer = Peer.valueOf(row.getString("peer"));
    boolean isFresh = peer == Peer.CHRONICLE || peer == Peer.RING_FIRST_LAP;
    String ring = (isFresh ? Peer.RING_FIRST_LAP : Peer.RING).name();
    return all.stream()
        .filter(each -> each.getString("peer").equals(ring))
        .filter(each -> each.getInteger("packet_bytes").equals(row.getInteger("packet_bytes")))
        .findFirst()
        .orElse(row);
  }

  private static void row(JsonObject row, JsonObject ring, Table table) {
    table.row(
        Cells.bytes(row.getInteger("packet_bytes")),
        Peer.valueOf(row.getString("peer")).label(),
        String.valueOf(row.getLong("count")),
        Cells.number(row.getDouble("megabytes_per_s")),
        us(row, "mean_ns"),
        us(row, "p50_ns"),
        us(row, "p99_ns"),
        us(row, "p99_9_ns"),
        us(row, "max_ns"),
        Cells.number(row.getDouble("mean_ns") / ring.getDouble("mean_ns")),
        Cells.number(row.getDouble("p50_ns") / Math.max(1, ring.getDouble("p50_ns"))),
        Cells.number(row.getDouble("p99_9_ns") / Math.max(1, ring.getDouble("p99_9_ns"))));
  }

  private static String us(JsonObject row, String field) {
    return Cells.number(row.getDouble(field) / 1000);
  }
}
