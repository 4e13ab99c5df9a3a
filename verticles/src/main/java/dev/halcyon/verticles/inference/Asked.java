package dev.halcyon.verticles.inference;

import dev.halcyon.core.inference.Admission;
import java.util.function.BooleanSupplier;

/**
 * A request that was made.
 *
 * @param cancel takes it back before it costs anything; false when it is too late. Its receiver
 *     then hears nothing
 */
public record Asked(Admission admission, BooleanSupplier cancel) {
  public boolean isTaken() {
    return !(admission instanceof Admission.Rejected);
  }
}
