package dev.halcyon.core.clip.verify;

/**
 * One thing that a contract promises, measured.
 *
 * @param name what it is, with its unit
 * @param ok whether the file keeps the promise
 */
public record ClipCheck(String name, Value expected, Value measured, boolean ok) {
  /** A number or a text. */
  public sealed interface Value {}

  /** A value to be compared as a number. */
  public record Whole(long value) implements Value {}

  /** A value to be compared as it is written. */
  public record Text(String value) implements Value {}

  static ClipCheck same(String name, long expected, long measured) {
    return within(name, expected, measured, 0);
  }

  static ClipCheck within(String name, long expected, long measured, long tolerance) {
    boolean isNear = Math.abs(measured - expected) <= tolerance;
    return new ClipCheck(name, new Whole(expected), new Whole(measured), isNear);
  }

  static ClipCheck same(String name, String expected, String measured) {
    return new ClipCheck(name, new Text(expected), new Text(measured), expected.equals(measured));
  }
}
