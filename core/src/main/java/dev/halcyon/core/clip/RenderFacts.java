package dev.halcyon.core.clip;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What is told of a rendered version beside its contract.
 *
 * @param specSha256 the name of the spec that it was made by, lower-case hex
 * @param integratedLufs of its sound, measured on the coded file; empty without sound, and for
 *     silence
 * @param truePeakDbtp likewise
 */
public record RenderFacts(
    String specSha256,
    int widthPx,
    int heightPx,
    OptionalDouble integratedLufs,
    OptionalDouble truePeakDbtp) {
  public RenderFacts {
    Objects.requireNonNull(specSha256, "specSha256");
    Objects.requireNonNull(integratedLufs, "integratedLufs");
    Objects.requireNonNull(truePeakDbtp, "truePeakDbtp");
  }
}
