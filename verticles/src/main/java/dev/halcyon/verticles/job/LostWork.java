package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The steps of a job that cannot even be begun: each fails of the same. */
record LostWork(RuntimeException why) implements JobWork {
  LostWork {
    Objects.requireNonNull(why, "why");
  }

  @Override
  public String inputsOf(StepKey key) {
    throw why;
  }

  @Override
  public Optional<Outcome> reuse(StepRow row) {
    return Optional.empty();
  }

  @Override
  public Map<StepKey, Outcome> perform(Set<StepKey> keys) {
    throw why;
  }

  @Override
  public void cancel() {
    // Nothing runs.
    Objects.requireNonNull(why);
  }

  @Override
  public void close() {
    // Nothing was opened.
    Objects.requireNonNull(why);
  }
}
