package dev.halcyon.verticles.store;

import java.util.List;

/**
 * One page of a list.
 *
 * @param total rows of the whole list
 */
public record PageOf<T>(List<T> rows, long total, PageRequest request) {
  public PageOf {
    rows = List.copyOf(rows);
  }

  public long pages() {
    return (total + request.limit() - 1) / request.limit();
  }
}
