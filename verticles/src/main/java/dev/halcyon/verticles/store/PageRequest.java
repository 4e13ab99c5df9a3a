package dev.halcyon.verticles.store;

/**
 * Which part of a list is asked for.
 *
 * @param number from 1
 * @param limit rows a page, 1..{@value #MAX_LIMIT}
 */
public record PageRequest(int number, int limit) {
  public static final int MAX_LIMIT = 100;
  public static final PageRequest FIRST = new PageRequest(1, 20);

  /** Keeps {@link #offset} a sensible number. */
  private static final int MAX_NUMBER = 1_000_000;

  public PageRequest {
    if (number < 1 || number > MAX_NUMBER || limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "page out of range [number=" + number + ", limit=" + limit + "]");
    }
  }

  long offset() {
    return (long) (number - 1) * limit;
  }
}
