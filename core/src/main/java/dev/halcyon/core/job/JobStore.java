package dev.halcyon.core.job;

import java.util.Optional;
import java.util.UUID;

/** Keeps the states of jobs. Its implementations block; any thread that may. */
public interface JobStore {
  Optional<Job> find(UUID id);

  /**
   * Keeps a job's next state; when it returns, a crash does not undo it.
   *
   * @param basedOn the revision that it was made from; −1 for a new job
   * @return false when another revision is kept: somebody else changed the job meanwhile, and
   *     nothing was kept
   */
  boolean save(Job job, long basedOn);
}
