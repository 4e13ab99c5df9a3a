package dev.halcyon.bench;

import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.List;

/** One question of a benchmark, answered by a table. */
public interface Part {
  /** As given to {@code --only}. */
  String name();

  Figures measure(Setting setting) throws Exception;

  /** How much time there is. */
  enum Length {
    /** Only to see that everything works; the figures say little. */
    BRIEF,
    /** All parts within a minute. */
    QUICK,
    /** As long as the figures need. */
    FULL
  }

  /**
   * @param dir for its files; the caller deletes what is left
   */
  record Setting(Path dir, Length length) {
    public <T> T pick(T brief, T quick, T full) {
      return switch (length) {
        case BRIEF -> brief;
        case QUICK -> quick;
        case FULL -> full;
      };
    }
  }

  /**
   * What was seen.
   *
   * @param question what the table answers
   * @param rows the table's figures for machines, units in the names
   * @param failures what went wrong, so that the figures cannot stand; empty when all is well
   */
  record Figures(String question, Table table, JsonArray rows, List<String> failures) {
    public Figures(String question, Table table, JsonArray rows) {
      this(question, table, rows, List.of());
    }
  }
}
