package dev.halcyon.verticles.ops;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What must hold before a node may be sent work. Any thread. */
public final class Readiness {
  private static final long TIMEOUT_MS = 2_000;

  private final Map<String, Supplier<Future<?>>> checks = new ConcurrentSkipListMap<>();
  private final Map<String, String> cautions = new ConcurrentSkipListMap<>();

  /**
   * What one check found.
   *
   * @param failure empty when it passed
   */
  public record Finding(String name, Optional<String> failure) {}

  /**
   * Adds a check, or replaces the one of that name.
   *
   * @param check asked on an event loop; a failed future, an exception or none within 2 s is a
   *     failed check, and the failure's message is shown to the operator
   */
  public void require(String name, Supplier<Future<?>> check) {
    checks.put(name, check);
  }

  /** Tells the operator of something that works but should not stay so; the node is ready. */
  public void caution(String name, String text) {
    cautions.put(name, text);
  }

  /** Takes a caution back; nothing happens when there is none of that name. */
  public void settle(String name) {
    cautions.remove(name);
  }

  /** By name. */
  Map<String, String> cautions() {
    return Map.copyOf(cautions);
  }

  /** Asks all checks at once; by name. Never fails. */
  Future<List<Finding>> look() {
    List<Future<Finding>> asked = new ArrayList<>();
    checks.forEach((name, check) -> asked.add(ask(name, check)));
    return Future.all(asked).map(all -> all.<Finding>list());
  }

  private static Future<Finding> ask(String name, Supplier<Future<?>> check) {
    Future<?> answer;
    try {
      answer = check.get();
    } catch (RuntimeException failure) {
      answer = Future.failedFuture(failure);
    }
    return answer
        .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .map(passed -> new Finding(name, Optional.empty()))
        .otherwise(failure -> new Finding(name, Optional.of(String.valueOf(failure.getMessage()))));
  }
}
