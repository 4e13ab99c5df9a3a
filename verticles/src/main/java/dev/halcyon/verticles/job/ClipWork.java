package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the steps of a job do. One thread calls it, but for {@link #cancel}. */
interface ClipWork {
  /**
   * What came of a step.
   *
   * @param output where it lies; empty when nowhere
   * @param note a few words for people
   * @param took its own working time
   * @param clips of the selection, in the order of their rank; else empty
   */
  record Outcome(String output, String note, Duration took, List<String> clips) {
    public Outcome {
      Objects.requireNonNull(output, "output");
      Objects.requireNonNull(note, "note");
      Objects.requireNonNull(took, "took");
      clips = List.copyOf(clips);
    }

    public Outcome(String output, String note, Duration took) {
      this(output, note, took, List.of());
    }
  }

  /** A digest of all that goes into a step whose turn it is. */
  String inputsOf(StepKey key);

  /** What an earlier row made of the same inputs, when that is still there and whole. */
  Optional<Outcome> reuse(StepRow row);

  /**
   * Does the steps that one run does, to their end.
   *
   * @throws dev.halcyon.core.error.HalcyonException what stopped them all
   */
  Map<StepKey, Outcome> perform(Set<StepKey> keys) throws InterruptedException;

  /** Ends what is performed just now. Any thread. */
  void cancel();
}
