package dev.halcyon.bench.inference;

import ai.onnxruntime.OrtException;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.codecs.model.BatchModel;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One model asked by more and more streams: in batches, one at a time, and bare; in turns, so that
 * the machine's moods hit all alike. The median of the turns counts.
 */
final class BatchingPart<Q, A> implements Part {
  private final String name;
  private final double target;
  private final List<Integer> streams;
  private final Opening<Q, A> opening;
  private final Bare bare;

  /** Opens the model. */
  interface Opening<Q, A> {
    BatchModel<Q, A> open() throws IOException;
  }

  /** Opens the model without us. */
  interface Bare {
    BareSession open(int batch) throws OrtException, IOException;
  }

  /**
   * @param target by how much batches of 16 streams are to be faster than one at a time
   */
  BatchingPart(
      String name, double target, List<Integer> streams, Opening<Q, A> opening, Bare bare) {
    this.name = name;
    this.target = target;
    this.streams = List.copyOf(streams);
    this.opening = opening;
    this.bare = bare;
  }

  @Override
  public String name() {
    return name;
  }

  /** What the turns of one number of streams gave. */
  private static final class Turns {
    final List<QueueLoad> batched = new ArrayList<>();
    final List<QueueLoad> single = new ArrayList<>();
    final List<Double> bare = new ArrayList<>();
  }

  @Override
  public Figures measure(Setting setting) throws Exception {
    Table table =
        new Table(
            "streams",
            "batched /s",
            "p50 ms",
            "p99 ms",
            "single /s",
            "p50 ms",
            "p99 ms",
            "batched:single",
            "target",
            "bare /s",
            "of bare");
    JsonArray rows = new JsonArray();
    List<String> failures = new ArrayList<>();
    long ns = TimeUnit.MILLISECONDS.toNanos(setting.pick(60L, 400L, 3_000L));
    for (int count : setting.pick(List.of(1, 4), streams, streams)) {
      Turns turns = new Turns();
      for (int turn = 0; turn < setting.pick(1, 3, 5); turn++) {
        turns.batched.add(QueueLoad.run(opening.open(), count, count, ns));
        turns.single.add(QueueLoad.run(opening.open(), count, 1, ns));
        try (BareSession session = bare.open(count)) {
          session.run(ns / 4);
          turns.bare.add(session.run(ns));
        }
      }
      row(count, turns, table, rows);
      long failed =
          turns.batched.stream().mapToLong(QueueLoad::failures).sum()
              + turns.single.stream().mapToLong(QueueLoad::failures).sum();
      if (failed > 0) {
        failures.add(name + " of " + count + " streams: " + failed + " requests not answered");
      }
    }
    return new Figures(
        "how many answers a second, and how soon, in batches and one at a time?",
        table,
        rows,
        failures);
  }

  private void row(int count, Turns turns, Table table, JsonArray rows) {
    QueueLoad batched = middle(turns.batched);
    QueueLoad single = middle(turns.single);
    double limit = turns.bare.stream().sorted().toList().get(turns.bare.size() / 2);
    table.row(
        Integer.toString(count),
        number("%.0f", batched.perSecond()),
        ms(batched, 50),
        ms(batched, 99),
        number("%.0f", single.perSecond()),
        ms(single, 50),
        ms(single, 99),
        number("%.2f", batched.perSecond() / single.perSecond()),
        count == 16 ? number("%.1f", target) : "-",
        number("%.0f", limit),
        number("%.2f", batched.perSecond() / limit));
    rows.add(
        new JsonObject()
            .put("streams", count)
            .put("batched_per_second", batched.perSecond())
            .put("batched_p50_us", batched.us().getValueAtPercentile(50))
            .put("batched_p99_us", batched.us().getValueAtPercentile(99))
            .put("single_per_second", single.perSecond())
            .put("single_p50_us", single.us().getValueAtPercentile(50))
            .put("single_p99_us", single.us().getValueAtPercentile(99))
            .put("bare_per_second", limit));
  }

  private static QueueLoad middle(List<QueueLoad> turns) {
    return turns.stream()
        .sorted((one, other) -> Double.compare(one.perSecond(), other.perSecond()))
        .toList()
        .get(turns.size() / 2);
  }

  private static String ms(QueueLoad load, double percentile) {
    return number("%.2f", load.us().getValueAtPercentile(percentile) / 1e3);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
