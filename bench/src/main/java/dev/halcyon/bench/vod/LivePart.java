package dev.halcyon.bench.vod;

import dev.halcyon.bench.ChildJvm;
import dev.halcyon.bench.ClipLoad;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.codecs.mux.PreparedLoop;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether live streams keep the latency of their clips while a video is rendered: the load of
 * {@code bench clip}, alone and beside a render that goes on all the while at {@code nice 10}, as
 * steps do.
 */
final class LivePart implements Part {
  private static final String NICE = "10";

  @Override
  public String name() {
    return "live";
  }

  @Override
  public Figures measure(Setting setting) throws Exception {
    Table table = new Table("what", "streams", "clips", "p50 ms", "p99 ms", "max ms");
    JsonArray rows = new JsonArray();
    List<String> failures = new ArrayList<>();
    int streams = setting.pick(1, 4, 10);
    ClipLoad.Plan plan =
        setting.pick(new ClipLoad.Plan(3, 1_000_000), ClipLoad.Plan.QUICK, ClipLoad.Plan.FULL);
    PreparedLoop loop = ClipLoad.prepare();
    ClipLoad.Result alone = load(setting.dir().resolve("alone"), streams, loop, plan);
    row("alone", alone, table, rows, failures);
    Process render = startRender(Files.createDirectories(setting.dir().resolve("render")));
    try {
      ClipLoad.Result beside = load(setting.dir().resolve("beside"), streams, loop, plan);
      row("beside a render", beside, table, rows, failures);
      if (!render.isAlive()) {
        failures.add("the render ended before the clips did");
      }
    } finally {
      render.destroyForcibly().waitFor();
    }
    return new Figures(
        "do live streams keep the latency of their clips beside a render?", table, rows, failures);
  }

  private static ClipLoad.Result load(
      Path folder, int streams, PreparedLoop loop, ClipLoad.Plan plan) throws Exception {
    return new ClipLoad(Files.createDirectories(folder), streams, loop, plan).run();
  }

  /** Returns when it renders. */
  private static Process startRender(Path folder) throws IOException {
    List<String> line = new ArrayList<>(List.of("nice", "-n", NICE, ChildJvm.java()));
    line.addAll(ChildJvm.FLAGS);
    line.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", ChildJvm.classPathWithPeers()));
    line.addAll(List.of(RenderRun.class.getName(), folder.toString()));
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (process.getInputStream().read() < 0) {
      process.destroyForcibly();
      throw new IOException("the render does not begin");
    }
    return process;
  }

  private static void row(
      String what, ClipLoad.Result result, Table table, JsonArray rows, List<String> failures) {
    table.row(
        what,
        String.valueOf(result.streams()),
        result.announced() + "/" + result.requested(),
        result.latency().ms(50),
        result.latency().ms(99),
        result.latency().ms(100));
    rows.add(
        new JsonObject()
            .put("what", what)
            .put("streams", result.streams())
            .put("clips_requested", result.requested())
            .put("clips_announced", result.announced())
            .put("latency_us", result.latency().json()));
    if (result.announced() != result.requested()) {
      failures.add(what + ": some clips were not announced");
    }
  }
}
