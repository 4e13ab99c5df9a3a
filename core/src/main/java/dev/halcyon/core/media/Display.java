package dev.halcyon.core.media;

import java.util.Objects;
import java.util.Optional;

/**
 * How decoded pictures are to be shown, as far as a container or a protocol says it beside the
 * coded media. What the coded media says itself is not repeated here.
 */
public record Display(
    Orientation orientation,
    Optional<SampleAspect> sampleAspect,
    Optional<ColourCode> colour,
    Optional<MasteringDisplay> mastering,
    Optional<ContentLight> light) {
  /** Upright, and nothing else said. */
  public static final Display PLAIN =
      new Display(
          Orientation.UPRIGHT,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public Display {
    Objects.requireNonNull(orientation, "orientation");
    Objects.requireNonNull(sampleAspect, "sampleAspect");
    Objects.requireNonNull(colour, "colour");
    Objects.requireNonNull(mastering, "mastering");
    Objects.requireNonNull(light, "light");
  }

  public static Display turned(Orientation orientation) {
    return new Display(
        orientation, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same, with what {@code coded} says in the place of what this says. */
  public Display refinedBy(Display coded) {
    return new Display(
        coded.orientation == Orientation.UPRIGHT ? orientation : coded.orientation,
        coded.sampleAspect.or(() -> sampleAspect),
        coded.colour.or(() -> colour),
        coded.mastering.or(() -> mastering),
        coded.light.or(() -> light));
  }
}
