package dev.halcyon.core.job;

import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names one row of a job.
 *
 * @param part which clip, for {@link StepName#RENDER}; empty for all others
 */
public record StepKey(StepName name, String part) implements Comparable<StepKey> {
  private static final Pattern PART = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Comparator<StepKey> ORDER =
      Comparator.comparing(StepKey::name).thenComparing(StepKey::part);

  public StepKey {
    Objects.requireNonNull(name, "name");
    boolean hasPart = name == StepName.RENDER;
    if (hasPart ? !PART.matcher(part).matches() : !part.isEmpty()) {
      throw new IllegalArgumentException("no such row [name=" + name + ", part=" + part + "]");
    }
  }

  /** The only row of a step that every job has once. */
  public static StepKey of(StepName name) {
    return new StepKey(name, "");
  }

  /** The rendering of one clip. */
  public static StepKey render(String clip) {
    return new StepKey(StepName.RENDER, clip);
  }

  /** {@code scene_detect}, {@code render:clip-01}. */
  public String wire() {
    return part.isEmpty() ? name.wire() : name.wire() + ":" + part;
  }

  public static StepKey ofWire(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? of(StepName.ofWire(text))
        : new StepKey(StepName.ofWire(text.substring(0, colon)), text.substring(colon + 1));
  }

  @Override
  public int compareTo(StepKey other) {
    return ORDER.compare(this, other);
  }
}
