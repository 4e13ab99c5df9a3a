package dev.halcyon.core.model;

import java.util.Objects;
import java.util.Set;

/**
 * Under what terms a model may be used.
 *
 * @param spdx as SPDX names it
 * @param vetted what was read to know that, and when; empty while nobody has
 */
public record ModelLicence(String spdx, String vetted) {
  /** Those that let a model be used for money without asking anybody. */
  private static final Set<String> COMMERCIAL =
      Set.of("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0", "ISC");

  public ModelLicence {
    Objects.requireNonNull(spdx, "spdx");
    Objects.requireNonNull(vetted, "vetted");
  }

  /** Whether somebody has made sure that the model may be used commercially. */
  public boolean isVettedForCommercialUse() {
    return COMMERCIAL.contains(spdx) && !vetted.isBlank();
  }
}
